import type { HttpConfig } from '../../config/http/http-config.ts';
import { type Line, warning, well } from '../line.ts';

/** Judges who may ask over HTTP. The file of the token that `start` makes is judged apart. */
export function planHttp(http: HttpConfig): readonly Line[] {
  return [...planAccess(http), ...planTransport(http)];
}

function planAccess({ open, tokens, oidc, ownTokenFile }: HttpConfig): readonly Line[] {
  if (open) {
    const seen = 'http.open: everybody on this machine may read and change everything';
    return [warning('who may ask', seen, 'remove http.open where other users or programs run')];
  }
  if (tokens.length === 0 && oidc === undefined) return ownTokenFile === undefined ? [nobody] : [];
  const people = oidc === undefined ? [] : [`people of ${oidc.issuer}`];
  const named = [...tokens.map(({ name, role }) => `${name} (${role})`), ...people].join(', ');
  const short = tokens.filter(({ isShort }) => isShort).map(({ name }) => name);
  if (short.length === 0) return [well('who may ask', named)];
  return [
    warning(
      'who may ask',
      `${named}; shorter than 20 characters: ${short.join(', ')}`,
      'make new ones: openssl rand -base64 32',
    ),
  ];
}

const nobody = warning(
  'who may ask',
  'nobody: there is no token, and beside a database server start has no place for one',
  'give http.tokens, or http.tokenFile for a token to be made',
);

/** The port itself speaks no TLS. */
function planTransport({ host, isLoopback, publicUrl }: HttpConfig): readonly Line[] {
  if (isLoopback || publicUrl?.startsWith('https://') === true) return [];
  return [
    warning(
      'transport',
      `${host} can be reached from other machines, and tokens travel in clear text`,
      'put a proxy with TLS before it, and set http.publicUrl to its https:// address',
    ),
  ];
}
