import type { Observation } from '../keys/observation.ts';
import { judgeSilence } from '../sources/http/judge-http.ts';
import type { Life } from './create-life.ts';
import { drawNumbers } from './draw-numbers.ts';
import type { PastNight } from './list-nights.ts';

/** A night in which a sweep ran, and what the vendor said of each key that was tracked by then. */
export interface ObservedNight {
  readonly night: PastNight;
  readonly openedAt: Date;
  readonly closedAt: Date;
  readonly observed: readonly { readonly life: Life; readonly observation: Observation }[];
}

/** How long after its due instant a sweep opens, how long a key takes, and the closing. */
const openMs = 900;
const keyMs = 120;
const closeMs = 700;
/** The share of the keys that the vendor does not answer for in a night that is cut. */
const silentShare = 0.3;

/** What the sweeps of these nights observed. Missed nights have none. */
export function observeNights(
  nights: readonly PastNight[],
  lives: readonly Life[],
): readonly ObservedNight[] {
  return nights.filter(({ kind }) => kind !== 'missed').map((night) => observe(night, lives));
}

function observe(night: PastNight, lives: readonly Life[]): ObservedNight {
  const openedAt = new Date(night.dueAt.getTime() + openMs);
  const draw = drawNumbers(`silent ${night.kind}`);
  const observed = lives
    .filter(({ trackedAt }) => trackedAt <= openedAt)
    .map((life, index) => {
      const at = new Date(openedAt.getTime() + (index + 1) * keyMs);
      const isSilent = night.kind === 'cut' && draw() < silentShare;
      return { life, observation: isSilent ? silence(at) : life.observe(at) };
    });
  const last = observed.at(-1)?.observation.at ?? openedAt;
  return { night, openedAt, closedAt: new Date(last.getTime() + closeMs), observed };
}

function silence(at: Date): Observation {
  const { reason, detail } = judgeSilence({ kind: 'timeout' });
  return { kind: 'unknown', at, reason, detail };
}
