import {
  encodedLogin,
  isCutByPassword,
  parseUrl,
  type Wrong,
  wrongEscapes,
} from '../../../options/address.ts';

/** Accepts `smtp://…` or `smtps://…`, with a user and password if the server requires them. */
export function wrongSmtpUrl(text: string): Wrong {
  if (!/^smtps?:\/\//.test(text)) return 'must begin with smtp:// or smtps://';
  const url = parseUrl(text);
  // For other schemes than those of the web, URL accepts hosts that cannot be connected to.
  if (!url?.hostname || parseUrl(`http://${url.hostname}`) === undefined) {
    return `must be a URL such as smtp://host:587; ${encodedLogin}`;
  }
  if (isCutByPassword(url)) return `must end after the port; ${encodedLogin}`;
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') return 'must not hold a path or fragment';
  return wrongStarttls(url) ?? wrongLogin(url) ?? wrongEscapes(url);
}

/** `?starttls=required` may also be given for this machine, `?starttls=optional` for others. */
function wrongStarttls({ protocol, search }: URL): Wrong {
  if (search === '') return undefined;
  if (protocol === 'smtps:') return 'must not hold a query: smtps:// is encrypted from the start';
  return /^\?starttls=(required|optional)$/.test(search)
    ? undefined
    : 'must hold no query but ?starttls=required or ?starttls=optional';
}

/** With optional TLS, an attacker on the network could read the password. */
function wrongLogin({ username, password, search }: URL): Wrong {
  if ((username === '') !== (password === '')) {
    return 'must hold both a user name and a password, or neither';
  }
  return username !== '' && search === '?starttls=optional'
    ? 'must not hold a password where TLS is optional'
    : undefined;
}
