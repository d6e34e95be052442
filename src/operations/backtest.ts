import { z } from 'zod';
import { openBacktest } from '../backtest/open-backtest.ts';
import { hashText } from '../config/files/named-files.ts';
import { readAllApprovals } from '../record/approvals/read-approvals.ts';
import { renderBacktestJson } from '../report/backtest/backtest-json.ts';
import type { BacktestCounts, BacktestSource } from '../report/backtest/backtest-model.ts';
import { readBacktestJson } from '../report/backtest/read-backtest-json.ts';
import { isLocal } from './caller.ts';
import { defineOperation } from './operation.ts';
import { backtestShape } from './shapes/backtest.ts';

/** As large as a policy file may be. */
const mostPolicyCharacters = 1_024 * 1_024;
/** How long the back-test of somebody elsewhere may use this machine. */
const mostMs = 60_000;

/** Judges kept sweeps under the policy of this text, or the one in use. Undefined if no sweep matches. */
export const backtest = defineOperation({
  about: 'Judges kept sweeps under another policy, and says what would change.',
  access: 'trial',
  // The policy is too long for a URL.
  method: 'POST',
  path: 'backtests',
  input: z.strictObject({
    policy: z.string().max(mostPolicyCharacters).optional(),
    sweeps: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('last') }),
      z.strictObject({ kind: z.literal('one'), id: z.string().max(100) }),
      z.strictObject({ kind: z.literal('since'), ms: z.int().positive() }),
    ]),
  }),
  recorded: ({ policy, sweeps }) => ({
    policy: policy === undefined ? 'in use' : hashText(policy),
    sweeps,
  }),
  shape: backtestShape,
  answer: { write: writeBacktest, read: readBacktestJson },
  async run({ database, config, caller, openJudge }, { policy = config.policy.text, sweeps }) {
    const usageLagOf = (source: string) =>
      config.sources.find(({ id }) => id === source)?.usageLagMs ?? 0;
    const limitMs = isLocal(caller) ? undefined : mostMs;
    // Of all waivers: what the policy holds is read where it is judged.
    const approvals = config.approvals === undefined ? null : await readAllApprovals(database.db);
    const request = { policy, approvals, sweeps };
    return openBacktest(database, request, usageLagOf, openJudge(limitMs));
  },
});

/**
 * A back-test as JSON. Counting takes seconds per 100,000 keys; this sends spaces meanwhile, so
 * that the receiver does not give up.
 */
async function* writeBacktest(source: BacktestSource): AsyncIterable<string> {
  try {
    const counting = source.count();
    let counts: BacktestCounts | undefined;
    while (counts === undefined) {
      const { done, value } = await counting.next();
      if (done === true) counts = value;
      else yield ' ';
    }
    yield* renderBacktestJson(source, counts);
  } finally {
    await source.close();
  }
}
