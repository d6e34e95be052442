import { isEvent } from '../../evaluate/history/events.ts';
import type { FindingType } from '../../evaluate/history/finding-type.ts';
import { remedies } from '../../evaluate/remedies.ts';
import type { Advice, BareFinding } from '../message.ts';

const nothing: Advice = { remedy: null, command: null, link: null };
/** A longer link would not fit into every message. */
const longestLink = 500;
/** As many digits of a fingerprint as lists show; the command accepts them. */
const shownDigits = 8;

/** What to do about a finding. `publicUrl`: where this installation's pages are, if it has any. */
export function advise(finding: BareFinding, publicUrl: string | undefined): Advice {
  if (finding.status !== 'open') return nothing;
  return {
    remedy: remedies[finding.type as FindingType] ?? null,
    command: commandFor(finding),
    link: publicUrl === undefined ? null : linkTo(finding, publicUrl),
  };
}

function commandFor({ type, facts, fingerprint, keyId, source }: BareFinding): string | null {
  if (isEvent(type, facts)) {
    const digits = fingerprint.slice(0, shownDigits);
    return `keysweep findings acknowledge ${digits} --by WHO --reason WHY`;
  }
  const [key, from] = [shellWord(keyId), shellWord(source)];
  return key === null || from === null ? null : `keysweep audit ${key} --source ${from}`;
}

const plain = /^[\p{L}\p{N}_@%+=:,./][\p{L}\p{N}_@%+=:,./-]{0,199}$/u;
const quotable = /^[^-'!\\\p{C}\p{Z}][^'!\\\p{C}\p{Zl}\p{Zp}]{0,199}$/u;

/** People paste commands into a shell: null for a text that would not stay one word there. */
function shellWord(text: string): string | null {
  if (plain.test(text)) return text;
  return quotable.test(text) ? `'${text}'` : null;
}

/** The ids in it are escaped, so that it is one address whatever they hold. */
function linkTo({ source, keyId }: BareFinding, publicUrl: string): string | null {
  const path = [source, keyId].map((id) =>
    encodeURIComponent(id.replace(/\p{Cs}/gu, '\ufffd')).replace(/['()*!~]/g, escapeOne),
  );
  const link = `${publicUrl.replace(/\/+$/, '')}/keys/${path.join('/')}`;
  return link.length > longestLink ? null : link;
}

function escapeOne(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
