import { expect, test } from 'vitest';
import { rootOf } from '../../src/evidence/log/merkle.ts';
import { encodeNote, encodeSignature, signNote } from '../../src/evidence/log/note.ts';
import { signingKeyOf } from '../../src/evidence/log/signing-key.ts';
import { parseWitnessRequest } from '../../src/evidence/log/witness-request.ts';
import { planAnswer } from '../../src/witness/plan-answer.ts';
import { checkpointText, logKey, requestBody, signedCheckpoint } from '../evidence/log/a-log.ts';
import { leavesOf } from '../evidence/log/some-leaves.ts';

const last = (size: number) => ({ size, root: rootOf(leavesOf(size)) });
const other = signingKeyOf('keysweep/acme', 1, Buffer.alloc(32, 9));
/** Of a witness that cosigned three leaves. */
const plan = (body: string) =>
  planAnswer(parseWitnessRequest(Buffer.from(body)), [logKey.verifier], last(3));
/** Of a witness that cosigned nothing. */
const planFirst = (body: string) =>
  planAnswer(parseWitnessRequest(Buffer.from(body)), [logKey.verifier], undefined);
const isRefused = (status: number) => expect.objectContaining({ kind: 'refuse', status });

test('cosigns what continues the last checkpoint', () => {
  expect(plan(requestBody(3, 7))).toEqual({ kind: 'cosign' });
  expect(plan(requestBody(3, 4))).toEqual({ kind: 'cosign' });
});

test('cosigns the last checkpoint again, and the first one without a proof', () => {
  expect(plan(requestBody(3, 3))).toEqual({ kind: 'cosign' });
  expect(planFirst(requestBody(0, 7))).toEqual({ kind: 'cosign' });
  expect(planFirst(requestBody(0, 0))).toEqual({ kind: 'cosign' });
});

test('takes a log with several keys, and lets unknown signatures be', () => {
  const text = checkpointText(7);
  const checkpoint = encodeNote({
    text,
    signatures: [signNote(text, other), signNote(text, logKey)],
  });
  expect(plan(requestBody(3, 7, { checkpoint }))).toEqual({ kind: 'cosign' });
  const request = parseWitnessRequest(
    Buffer.from(requestBody(3, 7, { checkpoint: signedCheckpoint(7, leavesOf(7), other) })),
  );
  const keys = [logKey.verifier, other.verifier];
  expect(planAnswer(request, keys, last(3))).toEqual({ kind: 'cosign' });
});

test('says which size it cosigned last, to a log that thinks of another', () => {
  const conflict = (size: number) => ({ kind: 'conflict', status: 409, size });
  expect(plan(requestBody(2, 7))).toEqual(conflict(3));
  expect(plan(requestBody(0, 7))).toEqual(conflict(3));
  expect(plan(requestBody(4, 7))).toEqual(conflict(3));
  expect(plan(requestBody(0, 2))).toEqual(conflict(3));
  expect(planFirst(requestBody(2, 7))).toEqual(conflict(0));
});

const shifted = leavesOf(8).slice(1);
test.each([
  [
    'a log that it does not know',
    404,
    { checkpoint: signedCheckpoint(7, leavesOf(7), signingKeyOf('x', 1, Buffer.alloc(32))) },
  ],
  ['a checkpoint of another key', 403, { checkpoint: signedCheckpoint(7, leavesOf(7), other) }],
  [
    'a signature that does not fit',
    403,
    { checkpoint: signedCheckpoint(7).replace('\n7\n', '\n8\n') },
  ],
  [
    'a wrong signature beside a right one',
    403,
    { checkpoint: signedCheckpoint(7) + encodeSignature(signNote('x\n', logKey)) },
  ],
  ['another history', 422, { checkpoint: signedCheckpoint(7, shifted) }],
  ['no proof', 422, { path: [] }],
  ['a proof that is too long', 422, { path: [...leavesOf(5)] }],
])('refuses %s with %i', (_what, status, change) => {
  expect(plan(requestBody(3, 7, change))).toEqual(isRefused(status));
});

test('refuses an old size above the new one with 400', () => {
  expect(plan(requestBody(4, 3))).toEqual(isRefused(400));
});

test('refuses another root of the same size with 422', () => {
  expect(plan(requestBody(3, 3, { checkpoint: signedCheckpoint(3, shifted) }))).toEqual(
    isRefused(422),
  );
});

test('refuses a proof from the empty tree, and a root of nothing that is not that of nothing', () => {
  const path = [Buffer.alloc(32)];
  expect(planFirst(requestBody(0, 7, { path }))).toEqual(isRefused(422));
  const text = checkpointText(0).replace(/\n.{44}\n/, `\n${Buffer.alloc(32).toString('base64')}\n`);
  const checkpoint = encodeNote({ text, signatures: [signNote(text, logKey)] });
  expect(planFirst(requestBody(0, 0, { checkpoint }))).toEqual(isRefused(422));
});
