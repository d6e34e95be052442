import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createCosigning } from '../../../src/app/evidence/cosign-log.ts';
import { signLog } from '../../../src/app/evidence/sign-log.ts';
import { parseNote, verifyNote } from '../../../src/evidence/log/note.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { encodeVerifierKey } from '../../../src/evidence/log/verifier-key.ts';
import { noProxies } from '../../../src/proxy/proxies.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import { readNewestCheckpoint } from '../../../src/record/log/checkpoints.ts';
import { createWitness } from '../../../src/witness/create-witness.ts';
import { describeOwnStores } from '../../record/stores.ts';
import { run } from '../../record/world.ts';
import { freePort } from '../../support/child-server.ts';

const origin = 'keysweep/test';
const key = signingKeyOf(origin, 1, Buffer.alloc(32, 3));
const witnessKey = signingKeyOf('witness.example', 4, Buffer.alloc(32, 4));
const never = new AbortController().signal;

async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-cosign-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function openWitness(folder: string, port = 0) {
  const witness = await createWitness({
    ...{ host: '127.0.0.1', port, key: witnessKey, logs: [key.verifier] },
    stateFile: join(folder, 'witness.state'),
    now: () => new Date(),
    say: () => undefined,
    onFailure: () => undefined,
  });
  let open = true;
  const close = async () => {
    if (open) await witness.close();
    open = false;
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${witness.port}`, port: witness.port, close };
}

describeOwnStores('asking witnesses', (get) => {
  async function world(url: string, folder: string) {
    const noted: object[] = [];
    const hear = (fields: object) => void noted.push(fields);
    const witnesses = [{ url, key: encodeVerifierKey(witnessKey.verifier) }];
    const terms = { witnesses, proxies: noProxies };
    const cosign = createCosigning(get(), terms, { warn: hear, error: hear });
    const grow = async (leaves = 1) => {
      await get().transact(async (tx) => {
        for (let n = 1; n <= leaves; n += 1) {
          await appendLeaf(tx, { event: 'retention-set', retentionMs: n });
        }
      });
      await signLog(get(), { key, origin, stateFile: join(folder, 'log.checkpoint') });
    };
    const cosigners = async () => {
      const newest = await readNewestCheckpoint(get().db);
      const keys = [key.verifier, witnessKey.verifier];
      const signed = verifyNote(parseNote(newest?.note ?? ''), keys);
      return signed.map(({ key: { name } }) => name);
    };
    return { noted, cosign, grow, cosigners };
  }

  test('a witness cosigns as the log grows, also after either process began anew', async () => {
    const folder = await newFolder();
    const witness = await openWitness(folder);
    const first = await world(witness.url, folder);
    for (const leaves of [3, 1, 300]) {
      await first.grow(leaves);
      await first.cosign(never);
      expect(await first.cosigners()).toEqual([origin, 'witness.example']);
    }
    // It knows from the answer 409 how far the witness is.
    const second = await world(witness.url, folder);
    await second.grow();
    await second.cosign(never);
    expect(await second.cosigners()).toEqual([origin, 'witness.example']);
    expect([...first.noted, ...second.noted]).toEqual([]);
  });

  test('a checkpoint has one signature of a witness, however often it is asked', async () => {
    const folder = await newFolder();
    const witness = await openWitness(folder);
    const { grow, cosign } = await world(witness.url, folder);
    const other = await world(witness.url, folder);
    await grow();
    await Promise.all([cosign(never), other.cosign(never)]);
    await cosign(never);
    const newest = await readNewestCheckpoint(get().db);
    expect(parseNote(newest?.note ?? '').signatures).toHaveLength(2);
  });

  test('a witness that is away is noted once, and cosigns when it is back', async () => {
    const folder = await newFolder();
    const port = await freePort();
    const { grow, cosign, cosigners, noted } = await world(`http://127.0.0.1:${port}`, folder);
    await grow();
    await cosign(never);
    await cosign(never);
    expect(noted).toEqual([
      {
        witness: `http://127.0.0.1:${port}`,
        reason: 'it cannot be reached (ECONNREFUSED)',
      },
    ]);
    expect(await cosigners()).toEqual([origin]);
    await openWitness(folder, port);
    await cosign(never);
    expect(await cosigners()).toEqual([origin, 'witness.example']);
  });

  test('a witness that saw a longer log tells that this one was cut', async () => {
    const folder = await newFolder();
    const witness = await openWitness(folder);
    const { grow, cosign, cosigners, noted } = await world(witness.url, folder);
    await grow(4);
    await cosign(never);
    // Its administrator cuts the log, and its checkpoints with it, and signs on another machine.
    await run(
      get(),
      `truncate keysweep.log_leaf, keysweep.log_head, keysweep.log_tile, keysweep.checkpoint`,
    );
    const elsewhere = await newFolder();
    const cut = await world(witness.url, elsewhere);
    await cut.grow(1);
    await cut.cosign(never);
    expect(await cosigners()).toEqual([origin]);
    expect(cut.noted).toEqual([{ witness: witness.url, size: 2, cosigned: expect.any(Number) }]);
    expect(noted).toEqual([]);
  });

  test('an answer without the witness’s own signature counts for nothing', async () => {
    const folder = await newFolder();
    const port = await freePort();
    const stranger = await createWitness({
      ...{ host: '127.0.0.1', port, logs: [key.verifier] },
      key: signingKeyOf('witness.example', 4, Buffer.alloc(32, 9)),
      stateFile: join(folder, 'stranger.state'),
      now: () => new Date(),
      say: () => undefined,
      onFailure: () => undefined,
    });
    onTestFinished(() => stranger.close());
    const { grow, cosign, cosigners, noted } = await world(`http://127.0.0.1:${port}`, folder);
    await grow();
    await cosign(never);
    expect(await cosigners()).toEqual([origin]);
    expect(noted).toMatchObject([{ reason: 'its answer has no signature of its key' }]);
  });
});
