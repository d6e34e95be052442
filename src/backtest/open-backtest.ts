import { hash } from 'node:crypto';
import { createPolicyCache } from '../evaluate/policy/policy-cache.ts';
import type { Database } from '../record/store/database.ts';
import type { BacktestSource } from '../report/backtest/backtest-model.ts';
import { createListing } from './create-listing.ts';
import { createTally } from './create-tally.ts';
import { createChunkJudge } from './judge-chunks.ts';
import type { OpenPastJudge, PastJudge, PolicyToJudge } from './judging/past-judge.ts';
import {
  type KeptSweep,
  listSweptKeys,
  readTimeline,
  readWantedSweeps,
  type SweepInTime,
  type WantedSweeps,
} from './read-sweeps.ts';

/** Which kept evidence to judge, and the text of the policy to use. */
export interface BacktestRequest extends Pick<PolicyToJudge, 'approvals'> {
  readonly policy: string;
  readonly sweeps: WantedSweeps;
}

/**
 * Prepares a back-test; writes nothing. Returns undefined if no closed sweep matches the request.
 * Throws `UnreadablePolicy`. `openJudge` says where the keys are judged.
 */
export async function openBacktest(
  database: Database,
  request: BacktestRequest,
  usageLagMs: (source: string) => number,
  openJudge: OpenPastJudge,
): Promise<BacktestSource | undefined> {
  const judge = await openJudge(request.policy, request.approvals);
  try {
    const sweeps = await readWantedSweeps(database, request.sweeps);
    const timeline = await readTimeline(database);
    const source = prepare(database, request, { sweeps, timeline, judge, usageLagMs });
    if (source === undefined) await judge.close();
    return source;
  } catch (error) {
    await judge.close();
    throw error;
  }
}

interface Prepared {
  readonly sweeps: readonly KeptSweep[];
  readonly timeline: readonly SweepInTime[];
  readonly judge: PastJudge;
  readonly usageLagMs: (source: string) => number;
}

function prepare(
  database: Database,
  request: BacktestRequest,
  { sweeps, timeline, judge: pastJudge, usageLagMs }: Prepared,
): BacktestSource | undefined {
  const newest = sweeps.at(-1);
  if (newest === undefined) return undefined;
  const { policy } = pastJudge;
  const policies = createPolicyCache();
  // Nothing is judged by it again: what the waivers covered then stands in the judgements.
  const parse = (text: string) => policies.parse(text, null);
  const judging = { policy, judge: pastJudge.judge, usageLagMs };
  const chunks = createChunkJudge(database, sweeps, timeline, judging, parse);
  const listing = createListing(chunks);
  return {
    policy: { version: policy.version, hash: `sha256:${hash('sha256', request.policy)}` },
    async *count() {
      const keys = await listSweptKeys(database, sweeps, chunks.size);
      const tally = createTally(sweeps, parse(newest.policyText), policy);
      const total = keys.count * sweeps.length;
      listing.begin();
      let done = 0;
      for await (const chunk of chunks.judge(keys.parts())) {
        tally.add(chunk);
        listing.note(chunk);
        done += chunk.asked.length;
        yield [done, total] as const;
      }
      return tally.counts();
    },
    changes: (kind) => listing.list(kind),
    close: () => pastJudge.close(),
  };
}
