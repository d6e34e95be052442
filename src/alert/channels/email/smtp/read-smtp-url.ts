/** A mail server as a channel's URL names it. */
export interface SmtpServer {
  /** A host name or an address without brackets, as URL normalizes it. */
  readonly host: string;
  readonly port: number;
  /** `smtps://`: TLS from the first byte. */
  readonly secure: boolean;
  readonly starttls: 'required' | 'optional' | undefined;
  readonly credentials: { readonly user: string; readonly pass: string } | undefined;
}

const usualPorts = { 'smtp:': 587, 'smtps:': 465 } as const;

/**
 * Reads `smtp://[user:pass@]host[:port][?starttls=…]` or `smtps://…`, as the configuration allows.
 */
export function readSmtpUrl(text: string): SmtpServer {
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  const starttls = url.searchParams.get('starttls');
  return {
    host: webUrlOf(url).hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || usualPorts[secure ? 'smtps:' : 'smtp:'],
    secure,
    starttls: starttls === 'required' || starttls === 'optional' ? starttls : undefined,
    credentials:
      url.username === ''
        ? undefined
        : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
  };
}

/** URL normalizes unusual spellings of hosts (`0x7f.1`, `LOCALHOST`) for web URLs only. */
function webUrlOf({ hostname }: URL): URL {
  return new URL(`http://${hostname}`);
}
