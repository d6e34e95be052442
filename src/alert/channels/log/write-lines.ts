import { describePerson } from '../../../report/people/named-person.ts';
import { safeText } from '../../../report/safe-text.ts';
import { changeArrays, type Message } from '../../message.ts';
import { describeMessage } from '../../render/describe.ts';
import type { LoggedChanges } from './logged-changes.ts';

const mostListed = 100;

/** One line per finding for people at a terminal, all of it harmless there. */
export function writeLines({ part, parts, ...lists }: LoggedChanges): readonly string[] {
  const listed = changeArrays.flatMap((name) =>
    lists[name].map((one) => {
      const { rule, severity, source, keyId, message } = one;
      const said = message === undefined ? '' : `: ${message}`;
      return safeText(
        `alert: ${wordsOf[name](one)} (${severity}) ${source}/${keyId} ${rule}${said}`,
      );
    }),
  );
  const left = listed.length - mostListed;
  const more = left > 0 ? [`alert: and ${left} more; keysweep findings lists them`] : [];
  return [...listed.slice(0, mostListed), ...more];
}

type Listed = LoggedChanges['opened'][number];

const wordsOf: Readonly<Record<(typeof changeArrays)[number], (one: Listed) => string>> = {
  opened: () => 'opened',
  reopened: () => 'reopened',
  resolved: (one) => ['resolved', ...endOf(one)].join(', '),
  lapsed: () => 'no longer waived',
  waived: ({ waiver }) => (waiver === null ? 'waived' : `waived by ${waiver}`),
  reminders: () => 'still open',
};

/** Why it ended; who acknowledged it, and why. */
function endOf({ resolution, acknowledgement }: Listed): readonly string[] {
  if (acknowledgement == null) return resolution === null ? [] : [resolution];
  return [`acknowledged by ${describePerson(acknowledgement)}: ${acknowledgement.reason}`];
}

/** Any other message: its title, and below it what it says, in the words of the other channels. */
export function writeNotice(type: string, data: object): readonly string[] {
  const { title, lines } = inWords(type, data);
  return [`alert: ${title}`, ...lines.map((line) => `  ${line}`)].map(safeText);
}

/** Another build may have written a message that this one has no words for. */
function inWords(type: string, data: object) {
  try {
    return describeMessage({ type, data } as unknown as Message);
  } catch {
    return { title: type, lines: [] };
  }
}
