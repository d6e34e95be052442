import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { signLog } from '../../../src/app/evidence/sign-log.ts';
import { parseBundle } from '../../../src/evidence/log/entry-bundles.ts';
import { hashLeaf, rootOf } from '../../../src/evidence/log/merkle.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { signatureTypes } from '../../../src/evidence/log/verifier-key.ts';
import { createSite } from '../../../src/http/create-site.ts';
import { listen } from '../../../src/http/listen.ts';
import { createLogFiles } from '../../../src/http/log-files/create-log-files.ts';
import type { CallerRole } from '../../../src/options/roles.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import { describeOwnStores, type GetDatabase } from '../../record/stores.ts';
import { anApi } from '../api/an-api.ts';

const origin = 'keysweep/test';
const key = signingKeyOf(origin, signatureTypes.note, Buffer.alloc(32, 7));

async function serve(get: GetDatabase, role: CallerRole | undefined, open = false) {
  const log = pino({ level: 'silent' });
  const denied: unknown[] = [];
  const noteDenied = (one: unknown) => void denied.push(one);
  const site = createSite({
    http: { host: '127.0.0.1', hosts: [], publicUrl: undefined, trustedProxies: [] },
    open: [],
    routes: { '/evidence': createLogFiles({ db: get().db, open, noteDenied }) },
    findCaller: role === undefined ? [] : [() => ({ name: 'it', role, from: '127.0.0.1' })],
    log,
  });
  const listening = await listen(getRequestListener(site.fetch), { host: '127.0.0.1', port: 0 });
  onTestFinished(listening.close);
  const ask = (path: string) => fetch(`http://127.0.0.1:${listening.port}/evidence/${path}`);
  return { ask, denied };
}

describeOwnStores('the log over HTTP', (get) => {
  const append = (leaves: number) =>
    get().transact(async (tx) => {
      for (let n = 0; n < leaves; n += 1) {
        await appendLeaf(tx, { event: 'retention-set', retentionMs: n + 1 });
      }
    });

  test('is absent while nothing is signed', async () => {
    await append(5);
    const { ask } = await serve(get, 'auditor');
    expect((await ask('checkpoint')).status).toBe(404);
    expect((await ask('tile/0/000.p/1')).status).toBe(404);
    const api = await anApi(get());
    onTestFinished(api.close);
    const answer = await api.ask('evidence/checkpoint');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      expect.stringMatching('problem'),
    ]);
  });

  test('has what the newest checkpoint stands for, and no more', async () => {
    await append(295);
    const folder = await mkdtemp(join(tmpdir(), 'ks-log-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    expect(await signLog(get(), { key, origin, stateFile: join(folder, 'state') })).toBe(301);
    await append(1);
    const { ask } = await serve(get, 'operator');
    const checkpoint = await (await ask('checkpoint')).text();
    const bytesOf = async (path: string) => Buffer.from(await (await ask(path)).arrayBuffer());
    const bodies = [
      ...parseBundle(await bytesOf('tile/entries/000'), 256, 'it'),
      ...parseBundle(await bytesOf('tile/entries/001.p/45'), 45, 'it'),
    ];
    const hashes = bodies.map((body) => hashLeaf(body));
    expect(checkpoint.split('\n').slice(0, 3)).toEqual([
      ...[origin, '301', rootOf(hashes).toString('base64')],
    ]);
    expect(await bytesOf('tile/0/000')).toEqual(Buffer.concat(hashes.slice(0, 256)));
    expect(await bytesOf('tile/0/001.p/45')).toEqual(Buffer.concat(hashes.slice(256)));
    expect(await bytesOf('tile/0/001.p/7')).toEqual(Buffer.concat(hashes.slice(256, 263)));
    expect(await bytesOf('tile/1/000.p/1')).toEqual(rootOf(hashes.slice(0, 256)));
    const absent = ['tile/0/001.p/46', 'tile/0/001', 'tile/1/000', 'tile/0/002.p/1', 'tile/0/0'];
    for (const path of [...absent, 'tile/entries/001.p/46', 'tile/x/000', 'tile/', 'other']) {
      expect((await ask(path)).status, path).toBe(404);
    }
    const api = await anApi(get(), {}, 'viewer');
    onTestFinished(api.close);
    const answer = await api.ask('evidence/checkpoint');
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toBe(checkpoint);
  });

  test('is for auditors and operators, and for everybody only where it is open', async () => {
    const statusFor = async (role: CallerRole | undefined, open = false) => {
      const { ask, denied } = await serve(get, role, open);
      return [(await ask('checkpoint')).status, denied.length];
    };
    expect(await statusFor('auditor')).toEqual([200, 0]);
    expect(await statusFor('viewer')).toEqual([403, 1]);
    expect(await statusFor(undefined)).toEqual([401, 0]);
    expect(await statusFor(undefined, true)).toEqual([200, 0]);
  });
});
