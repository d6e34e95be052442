import type { Verdict } from '../../../evaluate/judgement.ts';
import { fills } from '../../../report/html/patterns.tsx';
import type { CalendarNight } from '../nights/plan-nights.ts';

const step = 10;
const floor = 160;
const ceiling = 4;

/** From the bottom up, so that what needs somebody stands on the line. */
const layers = [
  { verdict: 'fail', fill: fills.fail },
  { verdict: 'unknown', fill: fills.unknown },
  { verdict: 'waived', fill: fills.waived },
  { verdict: 'pass', fill: fills.clear },
] as const satisfies readonly { verdict: Verdict; fill: object }[];

/**
 * The keys of each night by verdict. Complete nights that follow each other form an area; an
 * incomplete night is a column of its own, and a night without a sweep is a gap.
 */
export function NightsArea({ nights, label }: { nights: readonly CalendarNight[]; label: string }) {
  const most = Math.max(1, ...nights.map(({ sweep }) => sweep?.tracked ?? 0));
  const width = Math.max(1, nights.length) * step;
  return (
    <svg
      class="nights"
      viewBox={`0 0 ${width} ${floor + 1}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {layers.map(({ fill }, at) => {
        const path = pathOf(nights, at, most);
        return path === '' ? null : <path d={path} {...fill} />;
      })}
      <line x1="0" x2={width} y1={floor + 0.5} y2={floor + 0.5} class="axis" />
    </svg>
  );
}

/** The shapes of one layer, over all nights. */
function pathOf(nights: readonly CalendarNight[], layer: number, most: number): string {
  return runsOf(nights)
    .map((run) => {
      const edges = run.flatMap((at, n) => edgesOf(at, n === 0, n === run.length - 1));
      const line = (upTo: number) =>
        edges.map(({ x, at }) => `${x} ${heightOf(nights[at], upTo, most)}`);
      return `M${line(layer + 1).join('L')}L${line(layer).reverse().join('L')}Z`;
    })
    .join('');
}

/** Nights that are drawn as one shape. */
function runsOf(nights: readonly CalendarNight[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  nights.forEach(({ state, sweep }, at) => {
    if (sweep === undefined) return;
    const last = runs.at(-1);
    const before = last?.at(-1);
    const goesOn = state === 'complete' && before === at - 1;
    if (goesOn && nights[before]?.state === 'complete') last?.push(at);
    else runs.push([at]);
  });
  return runs;
}

/** The middle of a night; at the ends of a run its sides too. */
function edgesOf(at: number, isFirst: boolean, isLast: boolean) {
  const x = at * step;
  const edges = [{ x: x + step / 2, at }];
  if (isFirst) edges.unshift({ x: x + 1, at });
  if (isLast) edges.push({ x: x + step - 1, at });
  return edges;
}

function heightOf(night: CalendarNight | undefined, count: number, most: number): number {
  const keys = layers.slice(0, count).reduce((sum, { verdict }) => {
    return sum + (night?.sweep?.[verdict] ?? 0);
  }, 0);
  return Math.round((floor - (keys / most) * (floor - ceiling)) * 10) / 10;
}

/** A mark for each night under the chart, where there is something to say. */
export function NightMarks({ nights }: { nights: readonly CalendarNight[] }) {
  const width = Math.max(1, nights.length) * step;
  return (
    <svg
      class="marks"
      viewBox={`0 0 ${width} 6`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {nights.map(({ state }, at) =>
        state === 'complete' || state === 'none' ? null : (
          <rect x={at * step + 1} width={step - 2} height="6" class={`mark-${state}`} />
        ),
      )}
    </svg>
  );
}
