import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseNote, verifyNote } from '../../src/evidence/log/note.ts';
import { signingKeyOf } from '../../src/evidence/log/signing-key.ts';
import { createWitness, type WitnessOptions } from '../../src/witness/create-witness.ts';
import { logKey, requestBody, signedCheckpoint, witnessKey } from '../evidence/log/a-log.ts';
import { leavesOf } from '../evidence/log/some-leaves.ts';

const at = new Date('2026-11-30T02:30:00Z');
const seconds = at.getTime() / 1000;

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ks-witness-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'state');
}

/** A witness that knows one log; a test states what differs. */
async function open(change: Partial<WitnessOptions> = {}) {
  const said: string[] = [];
  const failures: Error[] = [];
  const stateFile = change.stateFile ?? newFile();
  const witness = await createWitness({
    ...{ host: '127.0.0.1', port: 0, key: witnessKey, logs: [logKey.verifier], stateFile },
    now: () => at,
    say: (line) => said.push(line),
    onFailure: (error) => failures.push(error),
    ...change,
  });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await witness.close();
    isOpen = false;
  };
  onTestFinished(close);
  const url = `http://127.0.0.1:${witness.port}`;
  const post = async (body: string | Buffer, path = '/add-checkpoint') => {
    const answer = await fetch(url + path, { method: 'POST', body });
    const type = answer.headers.get('content-type');
    return { status: answer.status, type, body: await answer.text() };
  };
  return { ...{ stateFile, said, failures, url, post, close }, port: witness.port };
}

test('cosigns a log as it grows: the answer is a line that belongs below the checkpoint', async () => {
  const { post, said } = await open();
  for (const [oldSize, size] of [
    [0, 3],
    [3, 7],
    [7, 600],
    [600, 600],
  ] as const) {
    const { status, body } = await post(requestBody(oldSize, size));
    expect(status).toBe(200);
    const note = parseNote(signedCheckpoint(size) + body);
    expect(verifyNote(note, [logKey.verifier, witnessKey.verifier])).toEqual([
      { key: logKey.verifier, atSeconds: null },
      { key: witnessKey.verifier, atSeconds: seconds },
    ]);
  }
  expect(said.at(-1)).toBe('cosigned keysweep/acme with 600 leaves');
});

test('tells the size of its last checkpoint with 409, in the form of tlog-witness', async () => {
  const { post } = await open();
  expect((await post(requestBody(5, 7))).body).toBe('0\n');
  await post(requestBody(0, 3));
  expect(await post(requestBody(0, 7))).toEqual({
    ...{ status: 409, type: 'text/x.tlog.size', body: '3\n' },
  });
});

test.each([
  [400, requestBody(4, 3)],
  [400, 'old 0\n\nnonsense'],
  [400, ''],
  [403, requestBody(0, 3, { checkpoint: signedCheckpoint(3).replace('\n3\n', '\n4\n') })],
  [
    404,
    requestBody(0, 3, {
      checkpoint: signedCheckpoint(3, leavesOf(3), signingKeyOf('x', 1, Buffer.alloc(32))),
    }),
  ],
  [422, requestBody(0, 3, { path: [Buffer.alloc(32)] })],
])('answers %i and keeps nothing', async (status, body) => {
  const { post, stateFile } = await open();
  const answer = await post(body);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatch(/^[^\n]+\n$/);
  expect(existsSync(stateFile)).toBe(false);
});

test('says which checkpoint does not continue the last one: it may prove two histories', async () => {
  const { post, said } = await open();
  await post(requestBody(0, 3));
  const checkpoint = signedCheckpoint(7, leavesOf(8).slice(1));
  expect((await post(requestBody(3, 7, { checkpoint }))).status).toBe(422);
  expect(said.at(-1)).toMatch(
    /^refused keysweep\/acme with 7 leaves and the root \S{44}: the check/,
  );
  expect((await post(requestBody(3, 7))).status).toBe(200);
});

test('two histories sent at once: one is cosigned, the other is not', async () => {
  const { post } = await open();
  const fork = signedCheckpoint(7, leavesOf(8).slice(1));
  const bodies = [requestBody(0, 7), requestBody(0, 7, { checkpoint: fork })];
  const answers = await Promise.all([...bodies, ...bodies, ...bodies].map((body) => post(body)));
  const signed = answers.filter(({ status }) => status === 200);
  const others = answers.filter(({ status }) => status !== 200);
  expect(signed).toHaveLength(1);
  expect(others.every(({ status, body }) => status === 409 && body === '7\n')).toBe(true);
});

describe('what it remembers', () => {
  test('outlives it, and only grows', async () => {
    const first = await open();
    await first.post(requestBody(0, 7));
    await first.close();

    const second = await open({ stateFile: first.stateFile });
    expect((await second.post(requestBody(0, 3))).body).toBe('7\n');
    expect((await second.post(requestBody(3, 7))).body).toBe('7\n');
    expect((await second.post(requestBody(7, 9))).status).toBe(200);
    expect(second.said[0]).toMatch(/: found it$/);
    expect(first.said[0]).toMatch(/: it has cosigned nothing yet$/);
  });

  test('is kept of a log that it no longer knows', async () => {
    const first = await open();
    await first.post(requestBody(0, 7));
    await first.close();
    const otherLog = signingKeyOf('other', 1, Buffer.alloc(32, 5));
    const second = await open({ stateFile: first.stateFile, logs: [otherLog.verifier] });
    expect((await second.post(requestBody(7, 9))).status).toBe(404);
    const checkpoint = signedCheckpoint(2, leavesOf(2), otherLog);
    expect((await second.post(requestBody(0, 2, { checkpoint }))).status).toBe(200);
    await second.close();
    const third = await open({ stateFile: first.stateFile });
    expect((await third.post(requestBody(0, 9))).body).toBe('7\n');
  });

  test('may not be put back while it runs: it cosigns nothing more, and says so', async () => {
    const { post, stateFile, failures } = await open();
    await post(requestBody(0, 3));
    const earlier = readFileSync(stateFile);
    await post(requestBody(3, 7));
    writeFileSync(stateFile, earlier);
    expect((await post(requestBody(3, 5))).status).toBe(503);
    expect(failures[0]?.message).toMatch(/was put back to an earlier state/);
    rmSync(stateFile);
    expect((await post(requestBody(0, 5))).status).toBe(503);
  });

  test('is one process’s at a time', async () => {
    const { stateFile } = await open();
    await expect(open({ stateFile })).rejects.toThrow(/is its witness already/);
  });

  test('is refused where it was edited, cut, or is another witness’s', async () => {
    const { post, stateFile, close } = await open();
    await post(requestBody(0, 7));
    await close();
    const text = readFileSync(stateFile, 'utf8');
    const other = signingKeyOf('witness.example', 4, Buffer.alloc(32, 8));
    await expect(open({ stateFile, key: other })).rejects.toThrow(
      /is the state of another witness/,
    );
    for (const [change, why] of [
      [text.replace('\\n7\\n', '\\n6\\n'), /was changed after this witness cosigned it/],
      [text.slice(0, -10), /is not JSON/],
      ['', /is not JSON/],
      ['null', /is no state of a witness/],
      [`${text} `, /is not as keysweep writes it/],
      [text.replace('"version":1', '"version":2'), /newer keysweep/],
      [text.replace('{"keysweep/acme"', '{"keysweep/acne"'), /of keysweep\/acne is of another log/],
      [text.replace(/\\n— witness[^"]*"/, '\\n"'), /is not cosigned by this witness/],
    ] as const) {
      writeFileSync(stateFile, change);
      await expect(open({ stateFile })).rejects.toThrow(why);
    }
    writeFileSync(stateFile, text);
    expect((await (await open({ stateFile })).post(requestBody(0, 1))).body).toBe('7\n');
  });

  test('that cannot be written is no cosignature; later it is one again', async () => {
    const { post, stateFile, said } = await open();
    await post(requestBody(0, 3));
    // A folder where the unfinished file goes: no write can succeed, not even by root.
    mkdirSync(`${stateFile}.part`);
    const answer = await post(requestBody(3, 7));
    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain('—');
    expect(said.at(-1)).toBe('cosigned nothing (EISDIR)');
    rmSync(`${stateFile}.part`, { recursive: true, force: true });
    expect((await post(requestBody(3, 7))).status).toBe(200);
    expect(readdirSync(join(stateFile, '..')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

test('serves the last checkpoint of each log, cosigned, to monitors', async () => {
  const { post, url } = await open();
  const hash = createHash('sha256').update('keysweep/acme').digest('hex');
  expect((await fetch(`${url}/${hash}/checkpoint`)).status).toBe(404);
  const { body } = await post(requestBody(0, 7));
  const answer = await fetch(`${url}/${hash}/checkpoint`);
  expect(await answer.text()).toBe(signedCheckpoint(7) + body);
  expect((await fetch(`${url}/${hash}/checkpoint`, { method: 'DELETE' })).status).toBe(405);
});

test('answers 405 and 404 to what is no such request', async () => {
  const { url, post } = await open();
  const got = await fetch(`${url}/add-checkpoint`);
  expect(got.status).toBe(405);
  expect(got.headers.get('allow')).toBe('POST');
  expect((await post(requestBody(0, 3), '/')).status).toBe(404);
});

test('takes no endless request', async () => {
  const { post } = await open();
  const pad = (bytes: number) => Buffer.alloc(bytes, 'a');
  expect((await post(pad(256 * 1024))).status).toBe(400);
  const long = await post(pad(256 * 1024 + 1)).catch(() => ({ status: 413 }));
  expect(long.status).toBe(413);
  expect((await post(requestBody(0, 3))).status).toBe(200);
});

test('a client that leaves half-way disturbs nobody, and none holds up its end', async () => {
  const { port, post, said, close } = await open({ graceMs: 200 });
  const head = 'POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 99\r\n\r\nold 0\n';
  const leaving = connect(port, '127.0.0.1', () => leaving.end(head));
  leaving.on('error', () => undefined).resume();
  const staying = connect(port, '127.0.0.1', () => staying.write(head));
  staying.on('error', () => undefined);
  await new Promise((resolve) => leaving.on('close', resolve));
  expect((await post(requestBody(0, 3))).status).toBe(200);
  expect(said.filter((line) => line.startsWith('cosigned nothing'))).toEqual([]);
  const before = Date.now();
  await close();
  expect(Date.now() - before).toBeLessThan(5_000);
});
