import type { Policy } from '../evaluate/policy/policy.ts';
import type { Database } from '../record/store/database.ts';
import { type JudgedAgain, type Judging, judgeAgain } from './judging/judge-again.ts';
import { type Change, planChanges, rulesOf } from './plan-changes.ts';
import { type Evidence, readEvidence } from './read-evidence.ts';
import { createPastReader } from './read-past.ts';
import { createStateReader } from './read-states.ts';
import type { KeptSweep, SweepInTime } from './read-sweeps.ts';

/** Limits memory, and how long one PGlite statement blocks the process. */
const mostKeys = 2_000;
/** With many rules, the judgements of few keys are as much. */
const mostJudged = 200_000;

function sizeOfChunk({ rules }: Policy): number {
  return Math.max(1, Math.min(mostKeys, Math.floor(mostJudged / Math.max(1, rules.length))));
}

/** The keys of one chunk in one sweep, judged again, unordered. `asked`: their rows, in order. */
export interface JudgedChunk {
  readonly number: number;
  readonly asked: readonly number[];
  readonly sweep: KeptSweep;
  readonly keys: readonly ComparedKey[];
}

export interface ComparedKey extends JudgedAgain {
  readonly changes: readonly Change[];
  /** The changes that appear in no older sweep. */
  readonly first: readonly Change[];
}

export interface ChunkJudge {
  /** How many keys a chunk may have. */
  readonly size: number;
  /** Judges these chunks of keys, one after the other, each in every sweep, oldest first. */
  judge(chunks: Iterable<readonly number[]>): AsyncIterable<JudgedChunk>;
}

export function createChunkJudge(
  database: Database,
  sweeps: readonly KeptSweep[],
  timeline: readonly SweepInTime[],
  judging: Judging,
  parse: (text: string) => Policy,
): ChunkJudge {
  const past = createPastReader(database, timeline, parse);
  const after = rulesOf(judging.policy);
  const before = new Map(sweeps.map((sweep) => [sweep.id, rulesOf(parse(sweep.policyText))]));
  const only = sweeps.length === 1;
  const waivers = judging.policy.waivers.length > 0;

  return {
    size: sizeOfChunk(judging.policy),
    async *judge(chunks) {
      let number = 0;
      for (const asked of chunks) {
        const seen = new Set<string>();
        const states = createStateReader(past, judging.policy, { only, parse });
        for (const sweep of sweeps) {
          const evidence = await readEvidence(database, sweep, asked, waivers);
          const judged = await judgeAgain(sweep, evidence, states, judging);
          const rules = before.get(sweep.id) ?? new Map();
          const keys = judged.map((one) => {
            const { judgement } = one.evidence;
            const changes = planChanges({ ...judgement, rules }, { ...one.after, rules: after });
            return { ...one, changes, first: changes.filter((each) => isNew(seen, one, each)) };
          });
          yield { number, asked, sweep, keys };
        }
        number += 1;
      }
    },
  };
}

function isNew(seen: Set<string>, { evidence }: { evidence: Evidence }, change: Change): boolean {
  const rule = change.kind === 'unknown' ? change.unjudged.rule : change.rule.id;
  const name = `${change.kind} ${evidence.id} ${rule ?? ''}`;
  if (seen.has(name)) return false;
  seen.add(name);
  return true;
}
