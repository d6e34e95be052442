import { wholeDays } from '../../../keys/days.ts';
import type { ChangedNight } from '../key/key-model.ts';

const step = 10;
const stripHeight = 16;
const top = 22;
const floor = 90;

interface KeyTimelineProps {
  /** Oldest first. */
  readonly nights: readonly ChangedNight[];
  readonly label: string;
}

/** The verdict of each night, marks where something changed, and the days without use below. */
export function KeyTimeline({ nights, label }: KeyTimelineProps) {
  const width = Math.max(1, nights.length) * step;
  const most = mostIdle(nights);
  const line = nights.flatMap((night, at) => {
    const days = idleDays(night);
    return days === undefined ? [] : `${at * step + step / 2} ${heightOf(days, most)}`;
  });
  return (
    <svg
      class="timeline"
      viewBox={`0 0 ${width} ${floor + 1}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {nights.map(({ verdict, changes }, at) => (
        <>
          <rect
            x={at * step + 1}
            width={step - 2}
            height={stripHeight}
            class={`verdict-${verdict}`}
          />
          {changes.length === 0 ? null : (
            <line
              x1={at * step + step / 2}
              x2={at * step + step / 2}
              y1={top}
              y2={floor}
              class="change"
            />
          )}
        </>
      ))}
      {line.length < 2 ? null : <path d={`M${line.join('L')}`} class="idle" />}
      <line x1="0" x2={width} y1={floor + 0.5} y2={floor + 0.5} class="axis" />
    </svg>
  );
}

/** A key in use is idle for hours; a smaller scale would make that look like a rest. */
const leastScaleDays = 14;

/** The longest rest in days, for the scale. */
export function mostIdle(nights: readonly ChangedNight[]): number {
  return Math.max(leastScaleDays, ...nights.map((night) => idleDays(night) ?? 0));
}

/** The days without use as of a night; since its creation, if the key was never used. */
function idleDays({ said, at }: ChangedNight): number | undefined {
  if (said === undefined || said === 'missing') return undefined;
  const since = said.lastUsed ?? (said.lastUsed === null ? said.createdOn : undefined);
  return since === undefined ? undefined : Math.max(0, wholeDays(at.getTime() - since.getTime()));
}

function heightOf(days: number, most: number): number {
  return Math.round((floor - (days / most) * (floor - top)) * 10) / 10;
}
