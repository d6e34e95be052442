import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerKeyRequest, answerTokenRequest, type Credentials } from './answer-request.ts';
import { applyFault } from './apply-fault.ts';
import { errorBody } from './bodies.ts';
import { tokenEndpoint } from './fault.ts';
import type { FaultBook } from './fault-book.ts';
import type { Fleet } from './fleet.ts';
import { reply, type SandboxReply } from './reply.ts';
import type { RequestCounts } from './request-counts.ts';
import { type Later, sendReply } from './send-reply.ts';
import type { Tokens } from './tokens.ts';

/** Everything that an answer depends on. */
export interface Vendor {
  readonly fleet: Fleet;
  readonly tokens: Tokens;
  readonly faults: FaultBook;
  readonly credentials: Credentials;
  readonly requests: RequestCounts;
  readonly later: Later;
}

const keysPath = '/v1/api-keys/';
const tokenPath = '/v1/oauth2/token';

/** Answers one request; key requests are on the fast path. */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  vendor: Vendor,
): Promise<void> {
  const { url = '/' } = request;
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  if (path.startsWith(keysPath)) serveKey(request, response, path.slice(keysPath.length), vendor);
  else if (path === tokenPath) await serveToken(request, response, vendor);
  else sendReply(response, reply(404, errorBody(404)), vendor.later);
}

function serveKey(request: IncomingMessage, response: ServerResponse, raw: string, vendor: Vendor) {
  request.resume();
  const id = unescapeId(raw);
  if (id === undefined) {
    sendReply(response, reply(400, errorBody(400)), vendor.later);
    return;
  }
  response.once('close', vendor.requests.countKey(id));
  const answer = answerKeyRequest(request, id, vendor);
  sendReply(response, withFaults(answer, id, vendor.faults), vendor.later);
}

async function serveToken(request: IncomingMessage, response: ServerResponse, vendor: Vendor) {
  vendor.requests.countToken();
  try {
    const answer = await answerTokenRequest(request, vendor);
    sendReply(response, withFaults(answer, tokenEndpoint, vendor.faults), vendor.later);
  } catch {
    // The client disconnected before its request was complete: there is nobody to answer.
    response.destroy();
  }
}

function withFaults(answer: SandboxReply, target: string, faults: FaultBook): SandboxReply {
  return faults.isEmpty ? answer : faults.strike(target).reduce(applyFault, answer);
}

function unescapeId(raw: string): string | undefined {
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}
