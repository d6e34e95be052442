/** What is wrong with an address, or undefined. Never holds the address, which may be secret. */
export type Wrong = string | undefined;

/** `http://` or `https://`, without user and password, which would end up in logs and errors. */
export function wrongWebUrl(text: string): Wrong {
  const url = parseUrl(text);
  if (url === undefined) return 'must be a URL';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return 'must begin with https:// or http://';
  }
  return url.username !== '' || url.password !== ''
    ? 'must not hold a user name or password'
    : undefined;
}

/** As `wrongWebUrl`, without query and fragment, because paths are appended to it. */
export function wrongBaseUrl(text: string): Wrong {
  const wrong = wrongWebUrl(text);
  if (wrong !== undefined) return wrong;
  return /[?#]/.test(text) ? 'must not hold a query or fragment' : undefined;
}

export const encodedLogin =
  'in its user name and password write @ as %40, : as %3A, / as %2F, % as %25, # as %23, ? as %3F';

/**
 * The URL of a server that is not of the web: `postgres://`, `redis://`. Reads an empty host after a
 * password (`postgres://user:password@/db?host=/folder`) too, which URL refuses.
 */
export function parseServerUrl(text: string): URL | undefined {
  const found = parseUrl(text);
  if (found !== undefined || !/^[a-z+]+:\/\/[^/?#@]*@\//.test(text)) return found;
  const url = parseUrl(text.replace('@/', '@localhost/'));
  return url === undefined ? undefined : withoutHost(url);
}

/** Whether an unencoded character of a password has cut the URL short. */
export function isCutByPassword({ pathname, search, hash }: URL): boolean {
  return hash !== '' || pathname.includes('@') || /^\?[^=&]*@/.test(search);
}

/** URL lets no host be emptied beside a password. */
function withoutHost(url: URL): URL {
  return Object.defineProperties(url, { hostname: { value: '' }, host: { value: '' } });
}

/** A bare `%` in a user or password is no valid escape of a URL. */
export function wrongEscapes({ username, password }: URL): Wrong {
  try {
    decodeURIComponent(username + password);
    return undefined;
  } catch {
    return 'must write % in its user name or password as %25';
  }
}

export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
