/** What to do about a delivery that did not succeed, by its detail; undefined where that says it. */
export function deliveryHint(detail: string): string | undefined {
  return hints.find(([form]) => form.test(detail))?.[1];
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/\banswered 3\d\d\b/, 'it redirects, which is not followed: give the URL that it leads to'],
  [/\banswered 40[13]\b/, 'it does not let us in: check the secret, the key or the password'],
  [/\banswered (404|410)\b/, 'there is no such place: check the URL, or make a new one there'],
  [/\banswered 413\b/, 'it takes smaller messages than this one'],
  [/\banswered 429\b/, 'it gets too many messages; rateLimit of the channel makes ours fewer'],
  [/\banswered 4\d\d\b/, 'it does not take what we write: is the type of the channel right?'],
  [/\banswered 5\d\d\b/, 'it is in trouble itself; an alert would be tried again for a day'],
  [/\b(ENOTFOUND|EAI_AGAIN|EDNS)\b/, 'its name cannot be resolved: check the host and the DNS'],
  [/\bECONNREFUSED\b/, 'nothing listens there: check the host and the port'],
  [/\b(ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b/, 'no answer in time: is a firewall in between?'],
  [/\b(ECONNRESET|EPIPE|ESOCKET|ECONNECTION)\b/, 'it broke off: http or https, and which port?'],
  [/\bEAUTH\b/, 'it refuses the user or the password'],
  [
    /\b(CERT|SELF_SIGNED|UNABLE_TO_|DEPTH_ZERO|ERR_TLS_CERT)/,
    'its certificate is not trusted here; NODE_EXTRA_CA_CERTS names a file of more authorities',
  ],
  [
    /\b(EPROTO|ERR_SSL_\w+|ETLS)\b/,
    'it does not speak TLS as asked: http or https, and which port?',
  ],
];
