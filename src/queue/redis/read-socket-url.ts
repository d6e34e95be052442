import { parseServerUrl } from '../../options/address.ts';
import type { RedisSettings } from './redis-options.ts';

/**
 * Reads the URL of a Unix socket, `unix://[user:password@]/path[?db=1]`. ioredis reads the others by
 * itself.
 */
export function readSocketUrl(text: string): RedisSettings {
  const url = parseServerUrl(text);
  if (url === undefined) return {};
  const { username, password, pathname, searchParams } = url;
  return {
    path: decodeURIComponent(pathname),
    db: Number(searchParams.get('db') ?? 0),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}
