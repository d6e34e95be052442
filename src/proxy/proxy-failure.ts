import { describeTlsFailure } from '../text/tls-failure.ts';
import { type ServerWords, unreachableServer } from '../text/unreachable-server.ts';

/** The status by which a proxy, and no server behind it, asks for a user and password. */
export const wantsLogin = 407;

/** A proxy that did not connect us. Its fault, or its network's; not of the server behind it. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  readonly code: string;
  readonly retryable = true;
  /**
   * `proxy`: its host and port. `cause`: the status that it answered, or the code of the failed
   * connection to it.
   */
  constructor(proxy: string, cause: number | string) {
    super(`the proxy at ${proxy} ${wordsFor(cause)[0]}`);
    this.code = `PROXY_${cause}`;
  }
}

/** What to do about a `ProxyFailure`, by its code; undefined for another code. */
export function proxyMend(code: string): string | undefined {
  const [, cause] = /^PROXY_(\w+)$/.exec(code) ?? [];
  return cause === undefined ? undefined : wordsFor(cause)[1];
}

function wordsFor(cause: number | string): ServerWords {
  const code = String(cause);
  const known = words[code] ?? describeTlsFailure(code);
  if (known !== undefined) return known;
  if (/^\d+$/.test(code)) return refusing(cause);
  if (code.startsWith('HPE_')) return [`does not answer in HTTP (${code})`, checkScheme];
  return [`failed (${cause})`, 'check HTTPS_PROXY, HTTP_PROXY and the log of the proxy'];
}

const refusing = (status: number | string): ServerWords => [
  `refuses to connect to this host (${status})`,
  'permit the host and its port in the proxy, or add it to NO_PROXY',
];

const notReaching = (status: number): ServerWords => [
  `could not reach this host (${status})`,
  'see its log; check the URL, and the DNS and the firewall of the proxy',
];

const checkScheme = 'check its port, and http:// or https:// before its host';

const words: Readonly<Record<string, ServerWords>> = {
  ...unreachableServer,
  407: [
    'wants another user or password (407)',
    'write them in HTTPS_PROXY or HTTP_PROXY: http://user:password@host:port',
  ],
  502: notReaching(502),
  503: notReaching(503),
  504: notReaching(504),
  ETIMEDOUT: ['does not answer (ETIMEDOUT)', 'check its address and the firewall between'],
  ECONNRESET: ['broke the connection off (ECONNRESET)', checkScheme],
  EPROTO: ['does not speak TLS (EPROTO)', checkScheme],
};
