import { type Severity, severities } from '../evaluate/policy/policy.ts';
import type { ChangeKind, Changes } from '../report/backtest/backtest-model.ts';
import { describeChange } from './describe-change.ts';
import type { ChunkJudge, JudgedChunk } from './judge-chunks.ts';
import type { Change } from './plan-changes.ts';

/**
 * The changed keys, in output order. Only their row ids are kept; their changes are judged again
 * for output, so that memory does not grow with the number of changes.
 */
export interface Listing {
  /** Starts over with all keys, given in output order. */
  begin(keyRows: readonly number[]): void;
  note(chunk: JudgedChunk): void;
  list<K extends ChangeKind>(kind: K): AsyncIterable<Changes[K]>;
}

/** Unknowns share the place of the gravest severity, because they form one list. */
const order: readonly Severity[] = [...severities].reverse();

export function createListing(judge: ChunkJudge['judge']): Listing {
  const groups = new Map<string, Set<number>>();
  const places = new Map<number, number>();
  const placeOf = (key: number) => places.get(key) ?? 0;
  return {
    begin(keyRows) {
      groups.clear();
      places.clear();
      for (const [place, key] of keyRows.entries()) places.set(key, place);
    },
    note({ keys }) {
      for (const { evidence, first } of keys) {
        for (const change of first) {
          const name = groupOf(change);
          const group = groups.get(name) ?? new Set();
          groups.set(name, group.add(evidence.id));
        }
      }
    },
    async *list<K extends ChangeKind>(kind: K) {
      for (const severity of order) {
        const name = `${kind} ${severity}`;
        const keyRows = [...(groups.get(name) ?? [])].sort((a, b) => placeOf(a) - placeOf(b));
        const chunks = gather(judge(keyRows), (change) => groupOf(change) === name);
        for await (const found of chunks) {
          found.sort((a, b) => placeOf(a.key) - placeOf(b.key));
          yield* found.map(({ change }) => change as Changes[K]);
        }
      }
    },
  };
}

interface Found {
  readonly key: number;
  readonly change: Changes[ChangeKind];
}

/** Collects the requested changes of each chunk, over all its sweeps. */
async function* gather(
  chunks: AsyncIterable<JudgedChunk>,
  isWanted: (change: Change) => boolean,
): AsyncIterable<Found[]> {
  let found: Found[] = [];
  let current = 0;
  for await (const { number, sweep, keys } of chunks) {
    if (number !== current) {
      yield found;
      found = [];
      current = number;
    }
    for (const { evidence, first } of keys) {
      const wanted = first.filter(isWanted);
      found.push(
        ...wanted.map((change) => ({
          key: evidence.id,
          change: describeChange(change, evidence, sweep),
        })),
      );
    }
  }
  yield found;
}

function groupOf(change: Change): string {
  const severity = change.kind === 'unknown' ? order[0] : change.rule.severity;
  return `${change.kind} ${severity}`;
}
