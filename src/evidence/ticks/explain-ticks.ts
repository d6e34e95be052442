import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { ClosedSweepLeaf } from '../sweeps/closed-sweeps.ts';
import { findLateClosing, type LateClosing } from './find-late-closing.ts';
import type { DueTickOf } from './list-due.ts';

/** What the log says of a tick that was due. */
export type ToldOutcome = 'held' | 'late' | 'missed' | 'skipped' | 'unexplained';

/** A tick with what became of it. */
export interface ExplainedTick extends DueTickOf {
  readonly outcome: ToldOutcome;
  /** The leaf that says so. */
  readonly leaf: number | undefined;
  /** Set if its sweep was closed too late to be held. */
  readonly late?: LateClosing;
}

/** Ticks that the log says were missed. */
export interface MissedRange {
  readonly leaf: number;
  readonly schedule: string;
  readonly first: number;
  readonly last: number;
  readonly ticks: number;
}

export function listMissed(leaves: readonly NumberedLeaf[]): readonly MissedRange[] {
  return leaves.flatMap(({ n, event }) => {
    if (event.event !== 'sweep-missed') return [];
    const { schedule, from, to, ticks } = event;
    return [{ leaf: n, schedule, first: Date.parse(from), last: Date.parse(to), ticks }];
  });
}

/**
 * Says of each tick, oldest first, what the log says. A range of missed ticks explains no more than
 * it counts. A leaf that was written before a tick was due says nothing of it. If a tick was swept
 * again, after the clock was set back, its first sweep counts.
 */
export function explainTicks(
  ticks: readonly DueTickOf[],
  leaves: readonly NumberedLeaf[],
): readonly ExplainedTick[] {
  const told = listTold(leaves);
  const takeMissed = shareMissed(listMissed(leaves));
  return ticks.map((tick) => {
    const { at, terms } = tick;
    const said = told.get(nameTick(terms.schedule, at));
    if (said !== undefined) return tellOf(tick, said);
    const range = takeMissed(terms.schedule, at);
    if (range === undefined) return { ...tick, outcome: 'unexplained', leaf: undefined };
    return { ...tick, outcome: 'missed', leaf: range.leaf };
  });
}

interface OpenRange extends MissedRange {
  /** The ticks that it can still explain. */
  left: number;
}

/**
 * Takes a tick of a schedule from the oldest range that has one for it. The ticks of a schedule must
 * come in their order: no range is looked at again after its end.
 */
function shareMissed(ranges: readonly MissedRange[]) {
  const bySchedule = new Map<string, { readonly open: OpenRange[]; at: number }>();
  for (const range of [...ranges].sort((one, other) => one.first - other.first)) {
    const known = bySchedule.get(range.schedule) ?? { open: [], at: 0 };
    bySchedule.set(range.schedule, known);
    known.open.push({ ...range, left: range.ticks });
  }
  return (schedule: string, at: number): MissedRange | undefined => {
    const known = bySchedule.get(schedule);
    if (known === undefined) return undefined;
    const isPast = ({ last, left }: OpenRange) => last < at || left === 0;
    const current = () => known.open[known.at];
    for (let one = current(); one !== undefined && isPast(one); one = current()) known.at += 1;
    const range = current();
    if (range === undefined || range.first > at) return undefined;
    range.left -= 1;
    return range;
  };
}

type Told = Pick<NumberedLeaf, 'n'> & {
  readonly event:
    | ClosedSweepLeaf['event']
    | Extract<NumberedLeaf['event'], { event: 'sweep-skipped' }>;
};

function tellOf(tick: DueTickOf, { n, event }: Told): ExplainedTick {
  if (event.event === 'sweep-skipped') return { ...tick, outcome: 'skipped', leaf: n };
  const late = findLateClosing({ n, event }, tick);
  if (late !== undefined) return { ...tick, outcome: 'late', leaf: n, late };
  return { ...tick, outcome: 'held', leaf: n };
}

function listTold(leaves: readonly NumberedLeaf[]): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  for (const leaf of leaves) {
    const said = readTold(leaf);
    if (said === undefined || said.due > leaf.at.getTime()) continue;
    const name = nameTick(said.schedule, said.due);
    const isAgain = told.get(name)?.event.event === 'sweep-closed';
    if (isAgain && said.event.event === 'sweep-closed') continue;
    told.set(name, { n: leaf.n, event: said.event });
  }
  return told;
}

function readTold({ event }: NumberedLeaf) {
  if (event.event === 'sweep-skipped') {
    const due = Date.parse(event.dueAt);
    return { schedule: event.schedule, due, event };
  }
  if (event.event !== 'sweep-closed' || event.scope !== 'full') return undefined;
  const { schedule, dueAt } = event;
  if (schedule === null || dueAt === null) return undefined;
  return { schedule, due: Date.parse(dueAt), event };
}

function nameTick(schedule: string, at: number): string {
  return JSON.stringify([schedule, at]);
}
