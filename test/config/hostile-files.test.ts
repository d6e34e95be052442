import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { renderMistake } from '../../src/documents/mistake.ts';
import { goodConfig, goodKeys, goodPolicy, workspace } from './workspace.ts';

const line = /^config\/(keysweep\.yaml|policy\.yaml|keys\.csv|keys\.json):\d+:\d+ .+: [^\n]+$/;
const keysInJson = '[\n  { "source": "prod", "keyId": "key_9", "tags": ["a"] }\n]\n';
const texts: Record<string, string> = {
  'keysweep.yaml': `${goodConfig.replace('keys.csv', 'keys.csv\n  - file: keys.json')}http: { port: \${PORT:-80} }\nalerts: { channels: [{ id: a, type: log }] }\n`,
  'policy.yaml': goodPolicy,
  'keys.csv': goodKeys,
  'keys.json': keysInJson,
};

/** Signs that mean something in one of the formats are likelier to break it. */
const piece = fc.oneof(
  fc.constantFrom(...'{}[]"\',:|&*!#$-\\\n\t \uFEFF', '${', '__proto__', '<<', 'File', '\0', '- '),
  fc.string({ maxLength: 3 }),
);

const edit = fc.record({
  name: fc.constantFrom(...Object.keys(texts)),
  at: fc.nat(400),
  cut: fc.nat(5),
  piece,
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(edits: readonly Edit[]): Record<string, string> {
  const files = { ...texts };
  for (const { name, at, cut, piece } of edits) {
    const text = files[name] ?? '';
    const place = at % (text.length + 1);
    files[name] = text.slice(0, place) + piece + text.slice(place + cut);
  }
  return files;
}

test('nothing in a file makes the reading throw, and all it says is told by line', async () => {
  const folder = workspace();
  const edits = fc.array(edit, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(edits, async (edits) => {
      for (const [name, text] of Object.entries(edited(edits))) {
        writeFileSync(join(folder, 'config', name), text);
      }
      const read = await readConfig({ env: {}, cwd: folder });
      const lines = read.ok ? [] : read.mistakes.map(renderMistake);
      expect(lines.filter((each) => !line.test(each))).toEqual([]);
      expect(read.ok || lines.length > 0).toBe(true);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
