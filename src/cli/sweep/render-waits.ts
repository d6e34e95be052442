import type { AskedAgain, AwaySource, SweepWaits } from '../../record/sweeps/read-waits.ts';
import { safeText } from '../../report/safe-text.ts';
import { renderCount } from '../../text/render-count.ts';

/** The same words in several lengths, the longest first. */
export type Wordings = readonly [string, ...string[]];

/** What a sweep waits for, in one line; undefined if it waits for no source and no key. */
export function renderWaits({ away, askedAgain }: SweepWaits): Wordings | undefined {
  return renderAway(away) ?? (askedAgain === null ? undefined : renderAskedAgain(askedAgain));
}

/** The sources that asked us to stay away, in one line: the one that is probed next. */
export function renderAway(away: readonly AwaySource[]): Wordings | undefined {
  const [first, ...others] = [...away].sort((one, other) => one.probeInMs - other.probeInMs);
  if (first === undefined) return undefined;
  const { until, inMs, pastDeadline, probeInMs } = first;
  const source = safeText(first.source);
  const soon = renderSoon(until, inMs);
  const whose = pastDeadline ? 'past the deadline of this sweep,' : 'until';
  const more = others.length === 0 ? '' : `; so did ${renderCount(others.length, 'other source')}`;
  const next = `next try ${renderIn(probeInMs)}`;
  return [
    `source ${source} asked us to stay away ${whose} ${soon} (${renderIn(inMs)})${more}; ${next}`,
    `${source} is away until ${soon}; ${next}`,
    `${source} is away; ${next}`,
    next,
  ];
}

function renderAskedAgain({ keys, inMs, keyId, reason, detail }: AskedAgain): Wordings {
  const next = keys === 1 ? '' : ', the next';
  const what = renderCount(keys, 'key is', 'keys are');
  const short = `${renderCount(keys, 'key')} again ${renderIn(inMs)}`;
  // A status speaks for itself; a code of the system does not.
  const why = safeText(detail.includes('HTTP ') ? detail : `${reason} (${detail})`);
  return [
    `${what} asked again${next} ${renderIn(inMs)}: ${safeText(keyId)}, ${why}`,
    `${short}: ${safeText(keyId)}, ${why}`,
    `${short}: ${why}`,
    `${short}: ${reason}`,
    short,
  ];
}

const dayMs = 86_400_000;

/** The time in UTC; with its day, if it is a day away or more. */
function renderSoon(until: string, inMs: number): string {
  const [day, time = ''] = until.split('T');
  const minute = `${time.slice(0, 5)}Z`;
  return inMs < dayMs ? minute : `${day} ${minute}`;
}

const units = [
  [2 * dayMs, dayMs, 'd'],
  [7_200_000, 3_600_000, 'h'],
  [120_000, 60_000, 'min'],
] as const;

/** How far away an instant is: “in 8 s”, “in 90 min”, “in 2 h”; “now” if it has come. */
function renderIn(ms: number): string {
  if (ms < 500) return 'now';
  const found = units.find(([from]) => ms >= from);
  const [, size, unit] = found ?? [0, 1_000, 's'];
  return `in ${Math.round(ms / size)} ${unit}`;
}
