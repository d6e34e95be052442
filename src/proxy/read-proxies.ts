import { encodedLogin, parseUrl, type Wrong, wrongEscapes } from '../options/address.ts';
import type { Proxies } from './proxies.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export interface ProxiesRead {
  readonly proxies: Proxies;
  /** One for each variable that names no usable proxy. Never holds its value. */
  readonly mistakes: readonly string[];
}

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`. As in other programs, lower case
 * takes precedence, an empty variable counts as unset, and a proxy without a scheme is `http://`.
 */
export function readProxies(env: Variables): ProxiesRead {
  const https = find(env, ['HTTPS_PROXY', 'ALL_PROXY']);
  const http = find(env, ['HTTP_PROXY', 'ALL_PROXY']);
  const found = [https, http].filter((one) => one !== undefined);
  const mistakes = found.flatMap(({ name, url }) => {
    const wrong = wrongProxy(url);
    return wrong === undefined ? [] : [`${name} ${wrong}`];
  });
  return {
    proxies: { https: https?.url, http: http?.url, except: find(env, ['NO_PROXY'])?.text ?? '' },
    mistakes: [...new Set(mistakes)],
  };
}

interface Found {
  /** As it is written in the environment. */
  readonly name: string;
  readonly text: string;
  readonly url: string;
}

function find(env: Variables, names: readonly string[]): Found | undefined {
  for (const name of names.flatMap((upper) => [upper.toLowerCase(), upper])) {
    const text = env[name]?.trim();
    if (text)
      return { name, text, url: /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}` };
  }
  return undefined;
}

const example = 'must be a URL such as http://proxy.example:3128';

function wrongProxy(text: string): Wrong {
  if (/^socks/i.test(text))
    return 'names a SOCKS proxy, which is not supported: name an HTTP proxy';
  if (!/^https?:\/\//i.test(text)) return `${example}, and begin with http:// or https://`;
  const url = parseUrl(text);
  if (url === undefined) return `${example}; ${encodedLogin}`;
  // What follows an unencoded `/`, `?` or `#` of a password would be taken for a path.
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return `must end after the port; ${encodedLogin}`;
  }
  return wrongEscapes(url);
}
