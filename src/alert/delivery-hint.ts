import { proxyMend } from '../proxy/proxy-failure.ts';
import { describeTlsFailure, isCertificateFailure } from '../text/tls-failure.ts';
import type { DeliveryCode } from './channels/channel.ts';

/**
 * What to do about a failed delivery, by its codes; undefined when no code says more. The numbers
 * of mail servers mean other things than those of HTTP.
 */
export function deliveryHint(
  codes: readonly DeliveryCode[],
  speaks: 'http' | 'smtp',
): string | undefined {
  const proxy = codes.map((code) => proxyMend(String(code))).find((mend) => mend !== undefined);
  if (proxy !== undefined) return proxy;
  const certificate = codes
    .map((code) => certificateHint(String(code)))
    .find((hint) => hint !== undefined);
  if (certificate !== undefined) return certificate;
  const hints = [...(speaks === 'smtp' ? smtpHints : httpHints), ...networkHints];
  return hints.find(([form]) => codes.some((code) => form.test(String(code))))?.[1];
}

function certificateHint(code: string): string | undefined {
  if (!isCertificateFailure(code)) return undefined;
  const words = describeTlsFailure(code);
  return words && `it ${words[0]}: ${words[1]}`;
}

type Hints = readonly (readonly [RegExp, string])[];

const smtpHints: Hints = [
  [/^53[0458]$/, 'the mail server wants another user or password, or TLS'],
  [/^5\d\d$/, 'the mail server refuses this mail: check from, to and name, and whether it relays'],
  [/^4\d\d$/, 'the mail server put it off; an alert would be retried for a day'],
];

const httpHints: Hints = [
  [/^3\d\d$/, 'the server redirects, and redirects are not followed: use the final URL'],
  [/^40[13]$/, 'access was refused: check the secret, the key or the password'],
  [/^(404|410)$/, 'nothing is there: check the URL, or create a new one'],
  [/^413$/, 'the message is too large for this channel'],
  [/^429$/, 'the channel gets too many messages: lower its rateLimit'],
  [/^4\d\d$/, 'the message was refused: check the type of the channel'],
  [/^5\d\d$/, 'the server has a problem; an alert would be retried for a day'],
];

const networkHints: Hints = [
  [/^(ENOTFOUND|EAI_AGAIN|EDNS)$/, 'the host name cannot be resolved: check the host and the DNS'],
  [/^ECONNREFUSED$/, 'nothing listens at this address: check the host and the port'],
  [/^(ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)$/, 'no answer in time: check for a firewall in between'],
  [
    /^(ECONNRESET|EPIPE|ESOCKET|ECONNECTION)$/,
    'the connection broke off: check http or https, and the port',
  ],
  [/^EAUTH$/, 'the server refuses the user or the password'],
  [/^(EPROTO|ERR_SSL_\w+|ETLS)$/, 'TLS cannot be set up: check http or https, and the port'],
];
