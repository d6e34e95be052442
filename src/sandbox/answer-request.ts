import type { IncomingMessage } from 'node:http';
import {
  badCredentialsBody,
  errorBody,
  failedBody,
  listBody,
  notFoundBody,
  tokenBody,
} from './bodies.ts';
import type { Fleet } from './fleet.ts';
import { reply, type SandboxReply } from './reply.ts';
import type { Tokens } from './tokens.ts';

export interface Credentials {
  readonly appKey: string;
  readonly appSecret: string;
}

/** The vendor's answer to a key request, before faults. `id` is already unescaped. */
export function answerKeyRequest(
  request: IncomingMessage,
  id: string,
  { fleet, tokens }: { readonly fleet: Fleet; readonly tokens: Tokens },
): SandboxReply {
  if (!tokens.accepts(request.headers.authorization)) return reply(401, errorBody(401));
  if (request.method === 'GET') return getKey(id, fleet);
  if (request.method === 'DELETE') return revokeKey(id, fleet);
  return reply(405, errorBody(405));
}

/** A key, or a merchant's keys: the vendor has one path for both. The order is an assumption. */
function getKey(id: string, fleet: Fleet): SandboxReply {
  const body = fleet.body(id);
  if (body !== undefined) return reply(200, body);
  const ofMerchant = fleet.ofMerchant(id);
  return ofMerchant.length > 0 ? reply(200, listBody(ofMerchant)) : reply(404, notFoundBody);
}

function revokeKey(id: string, fleet: Fleet): SandboxReply {
  if (!fleet.removeKey(id)) return reply(404, failedBody(['API key not found.']));
  return reply(200, { status: 'SUCCESS', success: true, message: 'API key revoked.', errors: [] });
}

/** A token for the right credentials (the vendor accepts both spellings), else its 400. */
export async function answerTokenRequest(
  request: IncomingMessage,
  { credentials, tokens }: { readonly credentials: Credentials; readonly tokens: Tokens },
): Promise<SandboxReply> {
  if (request.method !== 'POST') return reply(405, errorBody(405));
  const given = await readCredentials(request);
  const matches =
    given?.appKey === credentials.appKey && given?.appSecret === credentials.appSecret;
  if (!matches) return reply(400, badCredentialsBody);
  const { value, expires } = tokens.issue();
  return reply(200, tokenBody(value, expires));
}

const largestRequestBytes = 65_536;

async function readCredentials(
  request: IncomingMessage,
): Promise<Partial<Credentials> | undefined> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > largestRequestBytes) return undefined;
  }
  try {
    const { AppKey, AppSecret, appKey = AppKey, appSecret = AppSecret } = JSON.parse(text);
    return { appKey, appSecret };
  } catch {
    return undefined;
  }
}
