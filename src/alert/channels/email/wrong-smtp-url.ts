import { parseUrl, type Wrong, wrongEscapes } from '../../../options/address.ts';

/** `smtp://…` or `smtps://…`, with a user and password where the server wants them. */
export function wrongSmtpUrl(text: string): Wrong {
  if (!/^smtps?:\/\//.test(text)) return 'must begin with smtp:// or smtps://';
  const url = parseUrl(text);
  // Other schemes than those of the web take hosts that no connection can be made to.
  if (!url?.hostname || parseUrl(`http://${url.hostname}`) === undefined) {
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

/** Where TLS is optional, anybody between us and the server could read the password. */
function wrongLogin({ username, password, search }: URL): Wrong {
  if ((username === '') !== (password === '')) {
    return 'must hold both a user name and a password, or neither';
  }
  return username !== '' && search === '?starttls=optional'
    ? 'must not hold a password where TLS is optional'
    : undefined;
}
