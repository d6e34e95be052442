import { isIP } from 'node:net';
import {
  encodedLogin,
  isCutByPassword,
  parseServerUrl,
  parseUrl,
  type Wrong,
  wrongEscapes,
} from '../options/address.ts';
import type { HostPort } from './config.ts';

/** Beside the configuration. */
export const defaultStore = 'pglite:.keysweep';

/** `pglite:FOLDER`, `postgres://…` or `postgresql://…`. */
export function wrongStoreUrl(text: string): Wrong {
  if (isEmbedded(text)) return wrongFolder(folderOf(text));
  if (!/^postgres(ql)?:\/\//.test(text)) return 'must begin with pglite: or postgres://';
  const url = parseServerUrl(text);
  if (url === undefined || isCutByPassword(url)) {
    return `must be a URL such as postgres://host/database; ${encodedLogin}`;
  }
  return wrongEscapes(url);
}

export function isEmbedded(storeUrl: string): boolean {
  return storeUrl.startsWith('pglite:');
}

/** The folder of `pglite:FOLDER`. As in shells, `~` at its beginning is the folder `home`. */
export function embeddedFolder(storeUrl: string, home: string): string {
  const folder = folderOf(storeUrl);
  return /^~(\/|$)/.test(folder) ? home + folder.slice(1) : folder;
}

function folderOf(storeUrl: string): string {
  return storeUrl.slice('pglite:'.length);
}

/** What a shell would put in is not put in here, and would become the name of a new folder. */
function wrongFolder(folder: string): Wrong {
  if (folder === '' || folder.startsWith('//')) return 'must name a folder: pglite:FOLDER';
  if (/^~[^/]/.test(folder)) {
    return 'must name the home folder of another user in full; ~/ is your own, and ./~ a name';
  }
  if (/^\$[A-Za-z_]/.test(folder)) return `must name a variable as \${NAME}`;
  return undefined;
}

/**
 * `redis://…` or `rediss://…`; the path is empty or the number of a database. Or a Unix socket, as
 * `readSocketUrl` reads it.
 */
export function wrongRedisUrl(text: string): Wrong {
  if (isRedisSocket(text)) return wrongSocket(text);
  if (!/^rediss?:\/\//.test(text)) return 'must begin with redis://, rediss:// or unix://';
  const url = parseUrl(text);
  if (url === undefined || url.hostname === '' || isCutByPassword(url)) {
    return `must be a URL such as redis://host:6379; ${encodedLogin}`;
  }
  if (!/^(\/\d*)?$/.test(url.pathname)) return 'must end with the number of a database';
  return wrongEscapes(url);
}

function wrongSocket(text: string): Wrong {
  const url = parseServerUrl(text);
  if (
    url === undefined ||
    url.hostname !== '' ||
    /^\/?$/.test(url.pathname) ||
    isCutByPassword(url)
  ) {
    return `must name the whole path of the socket: unix:///run/redis/redis.sock; ${encodedLogin}`;
  }
  if (!/^(\?db=\d+)?$/.test(url.search)) return 'must hold no query but ?db=NUMBER';
  return wrongEscapes(url);
}

/** `unix:///path`, `redis+socket:///path` or `redis+unix:///path`. */
export function isRedisSocket(text: string): boolean {
  return /^(unix|redis\+socket|redis\+unix):\/\//.test(text);
}

/** `host:port`; an IPv6 address is written in brackets. */
export function parseHostPort(text: string): HostPort | undefined {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text);
  const host = found?.[1] ?? found?.[2];
  const port = Number(found?.[3]);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return found?.[1] !== undefined && isIP(host) !== 6 ? undefined : { host, port };
}

export function wrongHostPort(text: string): Wrong {
  return parseHostPort(text) === undefined ? 'must be host:port' : undefined;
}
