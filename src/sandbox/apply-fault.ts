import { errorBody, failedBody, notFoundBody, notFoundFailedBody } from './bodies.ts';
import type { FaultKind, VendorFault } from './fault.ts';
import { reply, type SandboxReply } from './reply.ts';

type Change = (before: SandboxReply, fault: VendorFault) => SandboxReply;

const page = Buffer.from('<!DOCTYPE html><html><body><h1>Please stand by</h1></body></html>');
const largeName = 'x'.repeat(2_000_000);

const changes: Readonly<Record<FaultKind, Change>> = {
  latency: (before, { ms }) => ({ ...before, delayMs: before.delayMs + ms }),
  status: (before, { status }) => became(before, reply(status, errorBody(status))),
  'rate-limit': (before, { ms }) => limited(before, String(Math.ceil(ms / 1_000))),
  'rate-limit-date': (before, { ms }) => limited(before, new Date(Date.now() + ms).toUTCString()),
  'rate-limit-bare': (before) => became(before, reply(429, errorBody(429))),
  missing: (before) => became(before, reply(404, notFoundBody)),
  'missing-failed': (before) => became(before, reply(200, notFoundFailedBody)),
  'failed-200': (before) => became(before, reply(200, failedBody(['Something went wrong.']))),
  'slow-body': (before, { ms }) => ({ ...before, manner: 'slow', slowMs: ms }),
  'cut-body': (before) => ({ ...before, manner: 'cut' }),
  oversized: (before) => patched(before, () => ({ name: largeName })),
  html: (before, { status }) =>
    became(before, { ...reply(status, page), contentType: 'text/html' }),
  'wrong-type': (before) => ({ ...before, contentType: 'text/plain' }),
  'not-json': (before) => ({ ...before, body: Buffer.from('{"status":"SUCCESS",') }),
  redirect: (before, { url }) => ({
    ...became(before, reply(302, {})),
    headers: { location: url },
  }),
  'id-mismatch': (before) => patched(before, ({ id }) => ({ id: `${id}_other` })),
  'null-scopes': (before) => patched(before, () => ({ scopes: null })),
  'bad-dates': (before) => patched(before, () => badDates),
  'no-type': (before) => patched(before, () => ({ type: undefined })),
  'snake-case': (before) => patched(before, snakeCase),
  'bad-expires': (before) => patched(before, () => ({ expires: 'soon' })),
  reset: (before) => ({ ...before, manner: 'reset' }),
  hang: (before) => ({ ...before, manner: 'hang' }),
};

/** Applies one fault to an answer. Several faults are applied one after the other. */
export function applyFault(before: SandboxReply, fault: VendorFault): SandboxReply {
  return changes[fault.kind](before, fault);
}

const badDates = { createdOn: '2026-02-30T00:00:00Z', lastUsed: 'last Tuesday' };

/** Replaces the answer and keeps its pace. */
function became(before: SandboxReply, after: SandboxReply): SandboxReply {
  const { delayMs, manner, slowMs } = before;
  return { ...after, delayMs, manner, slowMs };
}

function limited(before: SandboxReply, retryAfter: string): SandboxReply {
  const after = became(before, reply(429, errorBody(429)));
  return { ...after, headers: { 'retry-after': retryAfter } };
}

type Fields = Record<string, unknown>;

/** Changes fields of a successful answer; leaves other answers unchanged. */
function patched(before: SandboxReply, patch: (fields: Fields) => Fields): SandboxReply {
  if (before.status !== 200) return before;
  const fields = JSON.parse(before.body.toString('utf8')) as Fields;
  const body = Buffer.from(JSON.stringify({ ...fields, ...patch(fields) }));
  return { ...before, body };
}

function snakeCase({ createdOn, lastUsed, lastFour }: Fields): Fields {
  const dropped = { createdOn: undefined, lastUsed: undefined, lastFour: undefined };
  return { ...dropped, created_at: createdOn, last_used: lastUsed, last_four: lastFour };
}
