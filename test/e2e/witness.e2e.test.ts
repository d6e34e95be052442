import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { encodeSigningKey } from '../../src/evidence/log/signing-key.ts';
import { encodeVerifierKey } from '../../src/evidence/log/verifier-key.ts';
import { logKey, requestBody, witnessKey } from '../evidence/log/a-log.ts';
import { launch } from './command.ts';

const logVerifier = encodeVerifierKey(logKey.verifier);

/** A folder with the keys; no configuration is near, and the one that is named does not exist. */
function newWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'ks-witness-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  writeFileSync(at('witness.key'), `${encodeSigningKey(witnessKey)}\n`, { mode: 0o600 });
  writeFileSync(at('log.key'), `${encodeSigningKey(logKey)}\n`, { mode: 0o600 });
  writeFileSync(at('log.pub'), `${logVerifier}\n`);
  const args = (change: Record<string, string> = {}) => {
    const options = {
      ...{ listen: '127.0.0.1:0', key: at('witness.key'), log: at('log.pub'), state: at('state') },
      ...change,
    };
    return ['witness', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])];
  };
  const env = { KEYSWEEP_CONFIG: at('no-such.yaml') };
  return { at, launch: (change?: Record<string, string>) => launch(args(change), env) };
}

async function urlOf(witness: ReturnType<typeof launch>): Promise<string> {
  await witness.says('listens at http://');
  return /listens at (\S+)/.exec(witness.stderr)?.[1] ?? '';
}

const post = async (url: string, body: string) => {
  const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
  return { status: answer.status, body: await answer.text() };
};

test('needs no configuration, takes a key as text too, and stops on SIGTERM', async () => {
  const world = newWorld();
  const witness = world.launch({ log: logVerifier });
  const url = await urlOf(witness);
  expect(await post(url, requestBody(0, 3))).toMatchObject({ status: 200 });
  await witness.says(`its verifier key is ${encodeVerifierKey(witnessKey.verifier)}`);
  const { code, stdout } = await witness.end('SIGTERM');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
});

test('killed at any moment, it remembers what it cosigned, and never goes back', async () => {
  const world = newWorld();
  let acknowledged = 0;
  for (const afterMs of [30, 70, 110, 150, 190, 230]) {
    const witness = world.launch();
    const url = await urlOf(witness);
    const remembered = Number((await post(url, requestBody(999, 999))).body);
    expect(remembered).toBeGreaterThanOrEqual(acknowledged);
    const dying = new Promise((resolve) => setTimeout(resolve, afterMs));
    const ended = dying.then(() => witness.end('SIGKILL'));
    acknowledged = await growUntilGone(url, remembered);
    expect((await ended).signal).toBe('SIGKILL');
  }
  expect(acknowledged).toBeGreaterThan(6);
});

/** Sends one more leaf each time. The size that was cosigned last. */
async function growUntilGone(url: string, from: number): Promise<number> {
  for (let size = from; ; size += 1) {
    const answer = await post(url, requestBody(size, size + 1)).catch(() => undefined);
    if (answer === undefined) return size;
    expect(answer.status).toBe(200);
  }
}

test('stops by itself where its state was put back', async () => {
  const world = newWorld();
  const witness = world.launch();
  const url = await urlOf(witness);
  await post(url, requestBody(0, 3));
  const earlier = readFileSync(world.at('state'));
  await post(url, requestBody(3, 7));
  writeFileSync(world.at('state'), earlier);
  expect((await post(url, requestBody(3, 7))).status).toBe(503);
  const { code, stderr } = await witness.ended;
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^keysweep: .*state: was put back to an earlier state while this witness/m,
  );
});

test.each([
  [{ listen: '127.0.0.1' }, /^--listen 127\.0\.0\.1: must be HOST:PORT/m],
  [{ listen: '127.0.0.1:65536' }, /must be HOST:PORT/],
  [{ listen: '192.0.2.1:0' }, /^--listen 192\.0\.2\.1:0: cannot listen there \(EADDRNOTAVAIL\)/m],
  [{ key: 'none' }, /^--key none: cannot be read \(ENOENT\)/m],
  [{ log: 'none' }, /^--log none: cannot be read \(ENOENT\)/m],
  [{ log: `${logVerifier}x` }, /^--log: its third part must be Base64/m],
  [{ log: encodeVerifierKey(witnessKey.verifier) }, /is the key of a witness, not of a log/],
  [{ state: '/proc/none/state' }, /^keysweep: /m],
])('%j ends with one line and 2', async (change, words) => {
  const { code, stderr } = await newWorld().launch(change).ended;
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(code).toBe(2);
});

test('the key of a log is refused as the key of a witness, with what to do', async () => {
  const world = newWorld();
  const { code, stderr } = await world.launch({ key: world.at('log.key') }).ended;
  expect(stderr).toMatch(
    /is the key of a log, not of a witness; make one: keysweep evidence keygen/,
  );
  expect(code).toBe(2);
});
