import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { signLog } from '../../../src/app/evidence/sign-log.ts';
import type { ScheduleConfig } from '../../../src/config/config.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { encodeVerifierKey, signatureTypes } from '../../../src/evidence/log/verifier-key.ts';
import { gzipPack } from '../../../src/evidence/pack-files/gzip.ts';
import { comparePaths } from '../../../src/evidence/pack-files/pack-paths.ts';
import type { PackReader } from '../../../src/evidence/pack-files/pack-reader.ts';
import { readTar } from '../../../src/evidence/pack-files/read-tar.ts';
import { writeTar } from '../../../src/evidence/pack-files/tar.ts';
import { verifyPack } from '../../../src/evidence/verify/verify-pack.ts';
import { checkRecords } from '../../../src/record/checks/check-records.ts';
import { exportPack, readExportedLog } from '../../../src/record/exports/export-pack.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import { decideReview } from '../../../src/record/reviews/decide.ts';
import { noteConfiguration } from '../../../src/record/sweeps/note-configuration.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { maker } from '../../evidence/verify/make-pack.ts';
import { readLeaves } from '../log/leaves.ts';
import { aPerson, aReview, start } from '../reviews/a-review.ts';
import { describeOwnStores } from '../stores.ts';
import { inputs, run, someKeys, sweep } from '../world.ts';

const origin = 'keysweep/test';
const key = signingKeyOf(origin, signatureTypes.note, Buffer.alloc(32, 7));

/** No tick of it is due while a test runs. */
const yearly: ScheduleConfig = {
  id: 'yearly',
  cron: '0 0 29 2 *',
  timezone: 'UTC',
  catchUpMs: 1,
  overlap: 'skip',
  deadlineMs: 1,
};

describeOwnStores('exporting evidence', (get) => {
  let sweeps: string[] = [];
  let stateFolder = '';
  beforeAll(async () => {
    stateFolder = await mkdtemp(join(tmpdir(), 'ks-state-'));
    await noteConfiguration(get(), { schedules: [yearly], retentionMs: 400 * 86_400_000 });
    const using = inputs([...someKeys(210), ...someKeys(3, 'other')]);
    const first = await sweep(get(), using, { key_1: { breaks: ['stale'] } });
    const second = await sweep(get(), using, { key_1: { details: { name: 'New' } } });
    sweeps = [first.sweepId, second.sweepId];
    await sign();
    return () => rm(stateFolder, { recursive: true });
  });
  const sign = () => signLog(get(), { key, origin, stateFile: join(stateFolder, 'checkpoint') });

  async function* files(only: readonly [string, string] | null = null) {
    const leaves = await readLeaves(get());
    const from = new Date(
      leaves.find(({ event }) => event.event === 'schedule-set')?.event.at ?? 0,
    );
    const to = new Date(leaves.at(-1)?.event.at ?? 0);
    const compare = async () => {
      const checking = checkRecords(get(), { from, to });
      let step = await checking.next();
      while (step.done !== true) step = await checking.next();
      return step.value;
    };
    const terms = { from, to, only, origin, maker };
    const keys = { verifierKey: encodeVerifierKey(key.verifier), witnesses: [] };
    const log = await readExportedLog(get().db, origin);
    yield* exportPack(get().db, { ...terms, ...keys }, log, compare);
  }

  const read = async (only: readonly [string, string] | null = null) => {
    const read = new Map<string, Buffer>();
    for await (const { path, bytes } of files(only)) read.set(path, Buffer.from(bytes));
    return read;
  };

  const verify = async (pack: ReadonlyMap<string, Buffer>) => {
    const reader: PackReader = {
      ...{ paths: [...pack.keys()], faults: [], has: (path) => pack.has(path) },
      read: async (path) => pack.get(path) ?? Buffer.alloc(0),
    };
    const logKeys = [key.verifier];
    const trust = { logKeys, witnesses: [], quorum: { kind: 'none' } } as const;
    const asked = { kept: [], from: undefined, to: undefined, maker };
    return verifyPack({ reader, trust, ...asked });
  };

  test('makes a pack that verifies by the key alone', async () => {
    const pack = await read();
    const paths = [...pack.keys()];
    expect(paths).toEqual([...paths].sort(comparePaths));
    expect(paths.filter((path) => path.startsWith('lists/'))).toHaveLength(3);
    const verified = await verify(pack);
    expect(verified.problems).toEqual([]);
    expect(verified.found?.sweeps).toMatchObject({ count: 2 });
  });

  test('brings the decisions of a review, and a summary that names each control', async () => {
    const row = await start(get(), aReview());
    const decider = { person: aPerson('ann'), assertMay: () => undefined };
    const one = { source: 'prod', keyId: 'key_205', decision: 'keep', reason: 'in use' } as const;
    await decideReview(get(), row, [one], decider, anAlerting(['siem']));
    // The period ends before the newest leaf.
    const later = { event: 'schedule-removed', schedule: 'none' } as const;
    await get().transact((tx) => appendLeaf(tx, later));
    await sign();
    const pack = await read();
    expect((await verify(pack)).problems.filter(({ exit }) => exit === 1)).toEqual([]);
    expect(pack.get('summary.html')?.toString()).toContain('C 1');
    expect(pack.get('summary.csv')?.toString()).toMatch(/^finding,C 1,/m);
    expect(pack.get('VERIFY.md')?.toString()).toContain(origin);
  });

  test('gives the same bytes twice, which unpack to the same files', async () => {
    const bytes = async () => {
      const pieces: Uint8Array[] = [];
      for await (const piece of gzipPack(writeTar(files()))) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    expect(await bytes()).toEqual(await bytes());
    const unpacked: string[] = [];
    for await (const { path } of readTar(writeTar(files()))) unpacked.push(path);
    expect(unpacked).toEqual([...(await read()).keys()]);
  });

  test('proves one key, and shows no other', async () => {
    const pack = await read(['prod', 'key_205']);
    expect((await verify(pack)).problems).toEqual([]);
    const proofs = [...pack.keys()].filter((path) => path.startsWith('proofs/'));
    expect(proofs).toHaveLength(4);
    const objects = [...pack].filter(([path]) => !path.startsWith('tile/'));
    const text = objects.map(([, bytes]) => bytes.toString()).join('\n');
    expect(text).toContain('key_205');
    expect(text).not.toContain('key_204');
  });

  test('says in the pack what was edited, and the pack shows it too', async () => {
    const edit = `update keysweep.pack p set verdicts[1] = verdicts[1] % 2 + 1
      from keysweep.sweep s, keysweep.sweep_batch b, keysweep.key_list l
      where s.id = p.sweep_id and s.uuid = '${sweeps[0]}' and b.list_id = l.id
        and b.sweep_id = p.sweep_id and b.batch = p.batch and l.key_ids[1] = (
          select min(id) from keysweep.tracked_key where source = 'prod')`;
    await run(get(), edit);
    onTestFinished(() => run(get(), edit));
    const pack = await read();
    const lines = JSON.parse(pack.get('differences.json')?.toString() ?? '[]') as string[];
    expect(lines.join('\n')).toContain(`sweep ${sweeps[0]}, key prod/key_`);
    const codes = (await verify(pack)).problems.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['differences-found', 'object-differs']));
  });

  test('leaves out a sweep that somebody deleted, which is an absent object', async () => {
    await run(get(), `delete from keysweep.sweep where uuid = '${sweeps[1]}'`);
    const verified = await verify(await read());
    expect(verified.problems.map(({ code }) => code)).toContain('object-missing');
    expect(verified.problems.map(({ message }) => message).join('\n')).toContain(sweeps[1]);
  });
});

test('refuses an archive that leaves its folder, and one that is cut off', async () => {
  const archive = (path: string) =>
    writeTar(
      (async function* () {
        yield { path, bytes: Buffer.from('x') };
      })(),
    );
  const readAll = async (pieces: AsyncIterable<Uint8Array>) => {
    for await (const _file of readTar(pieces));
  };
  for (const path of ['../x', '/x', 'a/../../x', 'a//b', './x', 'x/', '..']) {
    await expect(readAll(archive(path)), path).rejects.toThrow('the archive has a file');
  }
  await readAll(archive('tile/0/x001/067.p/3'));
  const cut = async function* () {
    for await (const piece of archive('x')) {
      yield piece;
      return;
    }
  };
  await expect(readAll(cut())).rejects.toThrow('cut off');
});
