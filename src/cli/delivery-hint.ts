import type { DeliveryCode } from '../alert/channels/channel.ts';

/** What to do about a delivery that did not succeed, by its codes; undefined where they say nothing. */
export function deliveryHint(codes: readonly DeliveryCode[]): string | undefined {
  return hints.find(([form]) => codes.some((code) => form.test(String(code))))?.[1];
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/^3\d\d$/, 'it redirects, which is not followed: give the URL that it leads to'],
  [/^40[13]$/, 'it does not let us in: check the secret, the key or the password'],
  [/^(404|410)$/, 'there is no such place: check the URL, or make a new one there'],
  [/^413$/, 'it takes smaller messages than this one'],
  [/^429$/, 'it gets too many messages; rateLimit of the channel makes ours fewer'],
  [/^4\d\d$/, 'it does not take what we write: is the type of the channel right?'],
  [/^5\d\d$/, 'it is in trouble itself; an alert would be tried again for a day'],
  [/^(ENOTFOUND|EAI_AGAIN|EDNS)$/, 'its name cannot be resolved: check the host and the DNS'],
  [/^ECONNREFUSED$/, 'nothing listens there: check the host and the port'],
  [/^(ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)$/, 'no answer in time: is a firewall in between?'],
  [/^(ECONNRESET|EPIPE|ESOCKET|ECONNECTION)$/, 'it broke off: http or https, and which port?'],
  [/^EAUTH$/, 'it refuses the user or the password'],
  [
    /^(CERT|SELF_SIGNED|UNABLE_TO_|DEPTH_ZERO|ERR_TLS_CERT)/,
    'its certificate is not trusted here; NODE_EXTRA_CA_CERTS names a file of more authorities',
  ],
  [/^(EPROTO|ERR_SSL_\w+|ETLS)$/, 'it does not speak TLS as asked: http or https, and which port?'],
];
