import { createHash } from 'node:crypto';
import { compilePolicy } from '../evaluate/policy/compile-policy.ts';
import { parsePolicy } from '../evaluate/policy/parse-policy.ts';
import { createPolicyCache } from '../evaluate/policy/policy-cache.ts';
import type { Database } from '../record/store/database.ts';
import type { BacktestSource } from '../report/backtest/backtest-model.ts';
import { createListing } from './create-listing.ts';
import { createTally } from './create-tally.ts';
import { createChunkJudge } from './judge-chunks.ts';
import { listSweptKeys, readTimeline, readWantedSweeps, type WantedSweeps } from './read-sweeps.ts';

/** Which kept evidence to judge, and the text of the policy to use. */
export interface BacktestRequest {
  readonly policy: string;
  readonly sweeps: WantedSweeps;
}

/**
 * Prepares a back-test; writes nothing. Returns undefined if no closed sweep matches the request.
 * Throws `InvalidPolicy`.
 */
export async function openBacktest(
  database: Database,
  request: BacktestRequest,
  usageLagMs: (source: string) => number,
): Promise<BacktestSource | undefined> {
  const policy = parsePolicy(request.policy);
  const sweeps = await readWantedSweeps(database, request.sweeps);
  const newest = sweeps.at(-1);
  if (newest === undefined) return undefined;

  const { parse } = createPolicyCache();
  const timeline = await readTimeline(database);
  const judging = { policy, compiled: compilePolicy(policy), usageLagMs };
  const { judge } = createChunkJudge(database, sweeps, timeline, judging, parse);
  const listing = createListing(judge);
  const hash = `sha256:${createHash('sha256').update(request.policy).digest('hex')}`;
  return {
    policy: { version: policy.version, hash },
    async *count() {
      const keys = await listSweptKeys(database, sweeps);
      const tally = createTally(sweeps, parse(newest.policyText), policy);
      const total = keys.length * sweeps.length;
      listing.begin(keys);
      let done = 0;
      for await (const chunk of judge(keys)) {
        tally.add(chunk);
        listing.note(chunk);
        done += chunk.asked;
        yield [done, total] as const;
      }
      return tally.counts();
    },
    changes: (kind) => listing.list(kind),
  };
}
