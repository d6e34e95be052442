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
  /** Starts over. */
  begin(): void;
  note(chunk: JudgedChunk): void;
  list<K extends ChangeKind>(kind: K): AsyncIterable<Changes[K]>;
}

/** Unknowns share the place of the gravest severity, because they form one list. */
const order: readonly Severity[] = [...severities].reverse();

export function createListing({ judge, size }: ChunkJudge): Listing {
  const groups = new Map<string, number[]>();
  let current: ChangedKeys | undefined;
  const finish = () => {
    const { asked, changed } = current ?? { asked: [], changed: new Map<string, Set<number>>() };
    for (const [name, keys] of changed) {
      const all = groups.get(name) ?? [];
      all.push(...asked.filter((key) => keys.has(key)));
      groups.set(name, all);
    }
    current = undefined;
  };
  return {
    begin() {
      groups.clear();
      current = undefined;
    },
    note({ number, asked, keys }) {
      if (number !== current?.number) finish();
      current ??= { number, asked, changed: new Map() };
      const { changed } = current;
      for (const { evidence, first } of keys) {
        for (const change of first) addTo(changed, groupOf(change), evidence.id);
      }
    },
    async *list<K extends ChangeKind>(kind: K) {
      finish();
      for (const severity of order) {
        const name = `${kind} ${severity}`;
        const judged = judge(cut(groups.get(name) ?? [], size));
        for await (const { asked, found } of gather(judged, (one) => groupOf(one) === name)) {
          const places = new Map(asked.map((key, place) => [key, place]));
          const placeOf = ({ key }: Found) => places.get(key) ?? 0;
          found.sort((a, b) => placeOf(a) - placeOf(b));
          yield* found.map(({ change }) => change as Changes[K]);
        }
      }
    },
  };
}

/** Of the chunk that is noted, in all sweeps so far. */
interface ChangedKeys {
  readonly number: number;
  readonly asked: readonly number[];
  /** By the group of the change. */
  readonly changed: Map<string, Set<number>>;
}

function addTo(groups: Map<string, Set<number>>, name: string, key: number): void {
  const keys = groups.get(name) ?? new Set();
  groups.set(name, keys.add(key));
}

function* cut(keys: readonly number[], size: number): Iterable<readonly number[]> {
  for (let at = 0; at < keys.length; at += size) yield keys.slice(at, at + size);
}

interface Found {
  readonly key: number;
  readonly change: Changes[ChangeKind];
}

interface Gathered {
  readonly asked: readonly number[];
  readonly found: Found[];
}

/** Collects the requested changes of each chunk, over all its sweeps. */
async function* gather(
  chunks: AsyncIterable<JudgedChunk>,
  isWanted: (change: Change) => boolean,
): AsyncIterable<Gathered> {
  let gathered: Gathered = { asked: [], found: [] };
  let current = -1;
  for await (const { number, asked, sweep, keys } of chunks) {
    if (number !== current) {
      yield gathered;
      gathered = { asked, found: [] };
      current = number;
    }
    for (const { evidence, first } of keys) {
      const wanted = first.filter(isWanted);
      gathered.found.push(
        ...wanted.map((change) => ({
          key: evidence.id,
          change: describeChange(change, evidence, sweep),
        })),
      );
    }
  }
  yield gathered;
}

function groupOf(change: Change): string {
  const severity = change.kind === 'unknown' ? order[0] : change.rule.severity;
  return `${change.kind} ${severity}`;
}
