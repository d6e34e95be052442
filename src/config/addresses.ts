import { isIP } from 'node:net';
import type { HostPort } from './config.ts';

/** What is wrong with an address, or undefined. The words never hold the address: it may be secret. */
type Wrong = string | undefined;

/** `http://` or `https://`, without user and password: these would end up in logs and errors. */
export function wrongWebUrl(text: string): Wrong {
  const url = parse(text);
  if (url === undefined) return 'must be a URL';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return 'must begin with https:// or http://';
  }
  return url.username !== '' || url.password !== ''
    ? 'must not hold a user name or password'
    : undefined;
}

/** As `wrongWebUrl`; paths are put after it, so it ends with one. */
export function wrongBaseUrl(text: string): Wrong {
  const wrong = wrongWebUrl(text);
  if (wrong !== undefined) return wrong;
  return /[?#]/.test(text) ? 'must not hold a query or fragment' : undefined;
}

/** `pglite:FOLDER`, `postgres://…` or `postgresql://…`. */
export function wrongStoreUrl(text: string): Wrong {
  if (isEmbedded(text)) {
    const folder = embeddedFolder(text);
    return folder === '' || folder.startsWith('//')
      ? 'must name a folder: pglite:FOLDER'
      : undefined;
  }
  if (!/^postgres(ql)?:\/\//.test(text)) return 'must begin with pglite: or postgres://';
  const url = parse(text);
  if (url === undefined) return 'must be a URL such as postgres://host/database';
  return wrongEscapes(url);
}

export function isEmbedded(storeUrl: string): boolean {
  return storeUrl.startsWith('pglite:');
}

export function embeddedFolder(storeUrl: string): string {
  return storeUrl.slice('pglite:'.length);
}

/** `redis://…` or `rediss://…`; a path is the number of a database. */
export function wrongRedisUrl(text: string): Wrong {
  if (!/^rediss?:\/\//.test(text)) return 'must begin with redis:// or rediss://';
  const url = parse(text);
  if (url === undefined || url.hostname === '') return 'must be a URL such as redis://host:6379';
  if (!/^(\/\d*)?$/.test(url.pathname)) return 'must end with the number of a database';
  return wrongEscapes(url);
}

/** A user or password with a bare `%` cannot be read as the escapes of a URL. */
function wrongEscapes({ username, password }: URL): Wrong {
  try {
    decodeURIComponent(username + password);
    return undefined;
  } catch {
    return 'must write % in its user name or password as %25';
  }
}

/** `smtp://…` or `smtps://…`, with a user and password where the server wants them. */
export function wrongSmtpUrl(text: string): Wrong {
  if (!/^smtps?:\/\//.test(text)) return 'must begin with smtp:// or smtps://';
  const url = parse(text);
  // Other schemes than those of the web take hosts that no connection can be made to.
  if (!url?.hostname || parse(`http://${url.hostname}`) === undefined) {
    return 'must be a URL such as smtp://host:587';
  }
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') return 'must not hold a path or fragment';
  return wrongStarttls(url) ?? wrongLogin(url) ?? wrongEscapes(url);
}

/** `?starttls=required`, also to this machine, or `?starttls=optional`, also to others. */
function wrongStarttls({ protocol, search }: URL): Wrong {
  if (search === '') return undefined;
  if (protocol === 'smtps:') return 'must not hold a query: smtps:// is encrypted from the start';
  return /^\?starttls=(required|optional)$/.test(search)
    ? undefined
    : 'must hold no query but ?starttls=required or ?starttls=optional';
}

/** Where TLS is optional, whoever sits between us and the server could read the password. */
function wrongLogin({ username, password, search }: URL): Wrong {
  if ((username === '') !== (password === '')) {
    return 'must hold both a user name and a password, or neither';
  }
  return username !== '' && search === '?starttls=optional'
    ? 'must not hold a password where TLS is optional'
    : undefined;
}

/** One address, without a name before it: what it holds ends up in headers and commands. */
export function wrongMailAddress(text: string): Wrong {
  const found =
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*)$/;
  return found.test(text) ? undefined : 'must be an address such as security@example.com';
}

/** `host:port`, an IPv6 address in brackets. */
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

/** Without tokens everybody who can connect may read: nobody but this machine can. */
export function wrongHttpHost(host: string): Wrong {
  const loopback = host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  return loopback
    ? undefined
    : 'must be a loopback address such as 127.0.0.1, as there are no tokens';
}

/** A Standard Webhooks secret: `whsec_` and 24 to 64 bytes in base64. */
export function wrongWebhookSecret(text: string): Wrong {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  const exact = encoded !== undefined && sameBase64(encoded, bytes.toString('base64'));
  return exact && bytes.length >= 24 && bytes.length <= 64
    ? undefined
    : 'must be whsec_ followed by 24 to 64 bytes in base64';
}

/** Padding may be left out; anything else that decoding would pass over is a typing error. */
function sameBase64(given: string, canonical: string): boolean {
  return given === canonical || given === canonical.replace(/=+$/, '');
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
