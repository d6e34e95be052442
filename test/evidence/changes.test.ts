import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type JsonValue } from '../../src/evidence/canonical-json.ts';
import { encodeChanges, parseChanges, type SweepChanges } from '../../src/evidence/changes.ts';

const text = fc.string({ unit: 'binary' });
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
const event = fc.record({
  // Not in the order of the bytes.
  ...{ type: text, source: text, since: instant, severity: text, rule: text },
  ...{ resolution: fc.option(text), kind: fc.constantFrom('opened', 'resolved'), keyId: text },
  ...{ finding: fc.constant('0a'.repeat(32)), controls: fc.array(text), at: instant },
});
const standing = fc.record({ waived: fc.nat(), since: instant, rule: text, open: fc.nat() });
const readBack = (bytes: string) => {
  const { events, ...others } = parseChanges(bytes) ?? { events: [] };
  return { ...others, events: [...events] };
};

const anyChanges = fc.record({
  ...{ sweep: fc.uuid(), events: fc.array(event), standing: fc.option(fc.array(standing)) },
}) as fc.Arbitrary<SweepChanges>;

test('whatever a sweep changed, its bytes are canonical JSON, and are read as they were', () => {
  fc.assert(
    fc.property(anyChanges, (changes) => {
      const bytes = encodeChanges(changes);
      expect(bytes).toBe(canonicalJson({ ...changes, version: 1 } as unknown as JsonValue));
      expect(readBack(bytes)).toEqual({ ...changes, version: 1 });
    }),
  );
});

test('no other order of members is read, nor what is no JSON', () => {
  const sweep = '00000000-0000-4000-8000-000000000001';
  const [ordered, other] = [
    `{"events":[],"standing":[],"sweep":"${sweep}","version":1}`,
    `{"standing":[],"events":[],"sweep":"${sweep}","version":1}`,
  ];
  expect(parseChanges(ordered)).toBeDefined();
  expect(parseChanges(other)).toBeUndefined();
  expect(parseChanges('no JSON')).toBeUndefined();
});

test('texts that look like the end of an event are texts', () => {
  const looks = '}],"standing":null},{"at":1,';
  const of = { finding: '0a'.repeat(32), keyId: looks, source: looks, rule: looks, type: looks };
  const event = { ...of, severity: looks, controls: [looks], kind: 'opened', resolution: null };
  const events = [1, 2].map((at) => ({ ...event, since: at, at }));
  const sweep = '00000000-0000-4000-8000-000000000001';
  const changes = { sweep, events, standing: [] } as unknown as SweepChanges;
  expect(readBack(encodeChanges(changes))).toEqual({ ...changes, version: 1 });
});

test('a text that was changed anywhere is read only if its bytes are canonical all the same', () => {
  const bit = fc.constantFrom('', ',', '{', '}', ']', '"', '0', ' ', '},{"at":', '],"standing":');
  fc.assert(
    fc.property(anyChanges, fc.nat(), fc.nat(12), bit, (changes, from, cut, put) => {
      const text = encodeChanges(changes);
      const at = from % text.length;
      const changed = text.slice(0, at) + put + text.slice(at + cut);
      const read = parseChanges(changed);
      expect(read === undefined || encodeChanges(read) === changed).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('no event is read that is longer than any policy allows: one of 256 MiB would fill the memory', () => {
  const [mostChars, sweep] = [16 * 1024 * 1024, '00000000-0000-4000-8000-000000000001'];
  const of = { finding: '0a'.repeat(32), source: 'main', keyId: 'k', rule: 'old', type: 'too-old' };
  const kind = { severity: 'high', kind: 'opened', resolution: null, since: 1, at: 1 } as const;
  const event = { ...of, ...kind, controls: [''] };
  const room = mostChars - JSON.stringify(event).length;
  const textOf = (length: number) => {
    const events = [{ ...event, controls: ['c'.repeat(length)] }];
    return encodeChanges({ sweep, events, standing: null });
  };
  expect(parseChanges(textOf(room))).toBeDefined();
  expect(parseChanges(textOf(room + 1))).toBeUndefined();
});
