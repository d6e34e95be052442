import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { encodeCheckpoint } from '../../../src/evidence/log/checkpoint.ts';
import { encodeBundle } from '../../../src/evidence/log/entry-bundles.ts';
import { rootOf } from '../../../src/evidence/log/merkle.ts';
import { encodeNote, parseNote, signNote, verifyNote } from '../../../src/evidence/log/note.ts';
import {
  encodeSigningKey,
  parseSigningKey,
  signingKeyOf,
} from '../../../src/evidence/log/signing-key.ts';
import {
  proveConsistencyFromTiles,
  proveInclusionFromTiles,
  type TileReader,
} from '../../../src/evidence/log/tile-proofs.ts';
import {
  bundlePath,
  fullWidth,
  listBundles,
  makeTiles,
  tilePath,
} from '../../../src/evidence/log/tiles.ts';
import { encodeVerifierKey, parseVerifierKey } from '../../../src/evidence/log/verifier-key.ts';
import { renderGuide } from '../../../src/evidence/summary/render-guide.ts';
import { canMakeCertificates } from '../../support/certificates.ts';
import { buildGo, canBuildGo } from '../../support/go.ts';
import { entryOf, leavesOf } from './some-leaves.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const log = signingKeyOf('keysweep/acme', 1, Buffer.alloc(32, 1));
const witness = signingKeyOf('witness.example', 4, Buffer.alloc(32, 2));
const vkey = encodeVerifierKey(log.verifier);
const text = encodeCheckpoint({
  ...{ origin: 'keysweep/acme', size: 600, root: rootOf(leavesOf(600)), extensions: [] },
});
const signed = encodeNote({ text, signatures: [signNote(text, log), signNote(text, witness, 9)] });

describe.skipIf(!canBuildGo())('Go’s golang.org/x/mod/sumdb', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ks-go-'));
  let program = '';
  beforeAll(() => {
    program = buildGo(join(root, 'test/evidence/log/go/cross-check.go'), folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What Go answers. Throws with its words if it refuses. */
  const ask = (question: object) =>
    JSON.parse(
      execFileSync(program, { input: JSON.stringify(question), stdio: 'pipe' }).toString(),
    );

  test('verifies our note, beside a cosignature that it does not know', () => {
    const asked = { Ask: 'verify', Note: signed, Key: vkey };
    expect(ask(asked)).toEqual({ text, verified: 1, unknown: 1 });
  });

  test('refuses our note where a byte of it changed, and with another key', () => {
    const refuses = (change: object) => () =>
      ask({ Ask: 'verify', Note: signed, Key: vkey, ...change });
    expect(refuses({ Note: signed.replace('600', '601') })).toThrow(/invalid signature/);
    const other = encodeVerifierKey(signingKeyOf('keysweep/acme', 1, Buffer.alloc(32, 3)).verifier);
    expect(refuses({ Key: other })).toThrow(/no verifiable signatures/);
  });

  test('signs with our key the same bytes as we', () => {
    const { note } = ask({ Ask: 'sign', Text: text, Key: encodeSigningKey(log) });
    expect(note).toBe(encodeNote({ text, signatures: [signNote(text, log)] }));
  });

  test('makes a key and a note that we verify', () => {
    const { secret, verifier } = ask({ Ask: 'generate', Name: 'go.example/log' });
    const { note } = ask({ Ask: 'sign', Text: text, Key: secret });
    const key = parseVerifierKey(verifier);
    expect(verifyNote(parseNote(note), [key])).toEqual([{ key, atSeconds: null }]);
    expect(parseSigningKey(secret).verifier).toEqual(key);
    expect(encodeSigningKey(parseSigningKey(secret))).toBe(secret);
  });

  test.each([1, 255, 256, 257, 600, 66_000])(
    'reads our tiles of %i leaves, and finds the same proofs',
    async (size) => {
      const tiles = mkdtempSync(join(folder, 'tiles-'));
      const leafHashes = leavesOf(size);
      writeTiles(tiles, leafHashes);
      const reader = folderReader(tiles, size);
      const places = [0, 1, 254, 255, 256, 511, size - 2, size - 1];
      const chosen = [...new Set(places)].filter((place) => place >= 0 && place < size);
      const inclusion = await Promise.all(
        chosen.map((index) => proveInclusionFromTiles(index, size, reader)),
      );
      const consistency = await Promise.all(
        chosen.map((index) => proveConsistencyFromTiles(index + 1, size, reader)),
      );
      const answer = ask({
        ...{ Ask: 'prove', Folder: tiles, Size: size, Root: base64(rootOf(leafHashes)) },
        Inclusion: chosen.map((Index, at) => ({ Index, Path: inclusion[at]?.map(base64) })),
        Consistency: chosen.map((index, at) => ({
          Size: index + 1,
          Root: base64(rootOf(leafHashes.slice(0, index + 1))),
          Path: consistency[at]?.map(base64),
        })),
      });
      expect(answer).toEqual({
        leaves: size,
        inclusion: inclusion.map((path) => path.map(base64)),
        consistency: consistency.map((path) => path.map(base64)),
      });
    },
  );
});

test.skipIf(!canMakeCertificates())(
  'openssl verifies our signature, by the lines of docs/evidence-keys.md',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'ks-openssl-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const page = readFileSync(join(root, 'docs/evidence-keys.md'), 'utf8');
    const [, lines = ''] = /```sh\n(name=[\s\S]*?)```/.exec(page) ?? [];
    writeFileSync(join(folder, 'evidence.key.pub'), `${vkey}\n`);
    const run = (checkpoint: string) => {
      writeFileSync(join(folder, 'checkpoint'), checkpoint);
      return execFileSync('sh', ['-euc', lines], { cwd: folder, stdio: 'pipe' }).toString();
    };
    expect(run(signed)).toContain('Signature Verified Successfully');
    expect(() => run(signed.replace('\n600\n', '\n601\n'))).toThrow();
  },
);

test.skipIf(!canMakeCertificates())(
  'openssl verifies a pack, by the lines of its VERIFY.md',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'ks-openssl-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const guide = renderGuide({
      ...{
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-02-01T00:00:00.000Z',
        only: null,
        size: 600,
      },
      ...{ origin: 'keysweep/acme', keysweep: '0.1.0', timezones: '2026a', installation: 'x' },
    });
    const lines = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].at(-1)?.[1] ?? '';
    writeFileSync(join(folder, 'log.pub'), `${vkey}\n`);
    const run = (checkpoint: string) => {
      writeFileSync(join(folder, 'checkpoint'), checkpoint);
      return execFileSync('sh', ['-euc', lines], { cwd: folder, stdio: 'pipe' }).toString();
    };
    expect(run(signed)).toContain('Signature Verified Successfully');
    expect(() => run(signed.replace('\n600\n', '\n601\n'))).toThrow();
  },
);

const base64 = (hash: Buffer) => hash.toString('base64');

/** Writes the tiles and entry bundles of a log as files. */
function writeTiles(folder: string, leafHashes: readonly Buffer[]): void {
  const write = (path: string, bytes: Buffer) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  for (const { tile, hashes } of makeTiles(leafHashes)) write(tilePath(tile), hashes);
  for (const bundle of listBundles(leafHashes.length)) {
    const entries = Array.from({ length: bundle.width }, (_, at) =>
      entryOf(bundle.index * fullWidth + at),
    );
    write(bundlePath(bundle), encodeBundle(entries));
  }
}

/** Reads tiles from files. */
function folderReader(folder: string, size: number): TileReader {
  return {
    read: async (level, index, width) => {
      const whole = Math.min(fullWidth, Math.floor(size / fullWidth ** level) - index * fullWidth);
      expect(width).toBe(whole);
      return readFileSync(join(folder, tilePath({ level, index, width })));
    },
  };
}
