import { safeText } from '../../../report/safe-text.ts';
import { changeArrays } from '../../message.ts';
import type { LoggedChanges } from './logged-changes.ts';

const mostListed = 100;

/** One line per finding for people at a terminal, all of it harmless there. */
export function writeLines({ part, parts, ...lists }: LoggedChanges): readonly string[] {
  const listed = changeArrays.flatMap((name) =>
    lists[name].map(({ rule, severity, source, keyId, message }) => {
      const said = message === undefined ? '' : `: ${message}`;
      return safeText(`alert: ${wordOf(name)} (${severity}) ${source}/${keyId} ${rule}${said}`);
    }),
  );
  const left = listed.length - mostListed;
  const more = left > 0 ? [`alert: and ${left} more; keysweep findings lists them`] : [];
  return [...listed.slice(0, mostListed), ...more];
}

function wordOf(name: (typeof changeArrays)[number]): string {
  return name === 'reminders' ? 'still open' : name;
}
