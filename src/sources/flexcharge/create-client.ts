import { holdBack } from '../limit/hold-back.ts';
import { type LookupFailure, lookupFailure } from '../lookup.ts';
import { askWithToken } from '../token/ask-with-token.ts';
import { createTokenKeeper, type IssuedToken } from '../token/token-keeper.ts';
import type { AskForKey, ClientParts } from '../vendor.ts';
import { judgeKeyReply } from './judge-reply.ts';
import { readToken } from './read-token.ts';

/** Asks “get an API key”, with one token for all calls. */
export function createFlexchargeClient(parts: ClientParts): AskForKey {
  const { baseUrl, transport, pace, ticks } = parts;
  const request = (nowMs: () => number) => requestToken(parts, nowMs);
  const tokens = createTokenKeeper({ request, ticks });
  const headersOf = keepHeaders();
  return async (keyId, context) => {
    const url = keyUrl(baseUrl, keyId);
    if (url === undefined) return unaskable;
    const { signal } = context;
    const send = async (token: string) => {
      const headers = headersOf(token);
      const reply = await transport.send({ method: 'GET', url, headers, signal });
      return judgeKeyReply(reply, keyId);
    };
    return askWithToken({ tokens, pace, send }, keyId, context);
  };
}

/** The calls under one token share their headers. */
function keepHeaders(): (token: string) => Readonly<Record<string, string>> {
  let last = { token: '', headers: {} };
  return (token) => {
    if (last.token !== token) last = { token, headers: { authorization: `bearer ${token}` } };
    return last.headers;
  };
}

async function requestToken(
  { baseUrl, credentials, pace, transport, closing }: ClientParts,
  nowMs: () => number,
): Promise<IssuedToken | LookupFailure> {
  const reply = await transport.send({
    method: 'POST',
    url: `${baseUrl}/oauth2/token`,
    json: { AppKey: credentials.appKey, AppSecret: credentials.appSecret },
    signal: closing,
  });
  const issued = readToken(reply, nowMs());
  if (issued.kind === 'failure') await holdBack(issued, pace);
  return issued;
}

const unaskable = lookupFailure('vendor-error', 'the id cannot be put in a URL', {
  permanent: true,
});

/** An id is opaque, so all of it is escaped. `.`, `..` and lone surrogates cannot be escaped. */
function keyUrl(baseUrl: string, keyId: string): string | undefined {
  if (keyId === '' || keyId === '.' || keyId === '..' || /\p{Cs}/u.test(keyId)) return undefined;
  return `${baseUrl}/api-keys/${encodeURIComponent(keyId)}`;
}
