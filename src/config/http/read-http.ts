import { join, resolve } from 'node:path';
import type { StoreConfig } from '../config.ts';
import { isLoopback } from './http-addresses.ts';
import { type HttpConfig, hashToken, type TokenHash } from './http-config.ts';
import type { HttpFile } from './http-schema.ts';

const shortest = 20;

/** `folder`: where relative paths start. */
export function readHttpConfig(file: HttpFile, store: StoreConfig, folder: string): HttpConfig {
  const { host, port, publicUrl, tokens = [], open, hosts, oidc } = file;
  const { trustedProxies, queueBoard } = file;
  const named = file.tokenFile === undefined ? undefined : resolve(folder, file.tokenFile);
  const beside = store.kind === 'embedded' ? join(store.folder, 'http-token') : undefined;
  const makesToken = tokens.length === 0 && !open && oidc === undefined;
  return {
    ...{ host, port, publicUrl, open, hosts, trustedProxies, queueBoard },
    isLoopback: isLoopback(host),
    oidc: oidc && { issuer: oidc.issuer, clientId: oidc.clientId, roles: oidc.roles },
    tokens: tokens.map(({ name, role, token }) => ({
      ...{ name, role },
      isShort: token !== undefined && token.length < shortest,
    })),
    ownTokenFile: makesToken ? (named ?? beside) : undefined,
  };
}

export function readTokenHashes({ tokens = [] }: HttpFile): readonly TokenHash[] {
  return tokens.map(({ name, role, token, tokenSha256 = '' }) => ({
    ...{ name, role },
    sha256: token === undefined ? Buffer.from(tokenSha256, 'hex') : hashToken(token),
  }));
}
