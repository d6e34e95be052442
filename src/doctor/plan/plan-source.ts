import type { UnknownReason } from '../../keys/observation.ts';
import type { Answer } from '../../sources/key-source.ts';
import { broken, type Line, warning, well } from '../line.ts';

/** Judges what a source answered when it was asked for one key. */
export function planSource(source: string, keyId: string, answer: Answer): Line {
  if (answer.kind === 'unanswered') return planUnknown(source, answer.reason, answer.detail);
  const { observation } = answer;
  if (observation.kind === 'unknown') {
    return planUnknown(source, observation.reason, observation.detail);
  }
  if (observation.kind === 'present') return well(source, `signed in and read key ${keyId}`);
  return well(source, `signed in; the vendor says that there is no key ${keyId}`);
}

function planUnknown(source: string, reason: UnknownReason, detail: string): Line {
  const seen = `${reason}: ${detail}`;
  const mend = mends[reason];
  return reason === 'rate-limited' ? warning(source, seen, mend) : broken(source, seen, mend);
}

const network =
  'check baseUrl, the DNS and the firewall or proxy between, and whether the vendor is up';

const mends: Readonly<Record<UnknownReason, string>> = {
  unreachable: network,
  timeout: network,
  'rate-limited': 'lower rateLimit of the source, or try again later',
  unauthorized: 'correct the credentials of the source, and its environment',
  forbidden: 'give these credentials the right to read keys',
  'vendor-error': 'check baseUrl; if it is right, ask the vendor',
  'invalid-response': 'check baseUrl: what answers there is not the API, or a proxy changes it',
  'id-mismatch': 'ask the vendor: it answered for another key',
  missing: 'check the environment of the source',
  'evaluation-error': 'see keysweep policy test',
  'field-unreadable': 'ask the vendor: a field of the key cannot be read',
};
