import type { Page, PageAsked } from '../record/store/paging/page.ts';
import { alerts } from './alerts/alerts.ts';
import { outcome } from './alerts/outcome.ts';
import { retryAlert, retryAlerts } from './alerts/retry-alerts.ts';
import { testChannel } from './alerts/test-channel.ts';
import { backtest } from './backtest.ts';
import { evidenceCheck } from './evidence/check-evidence.ts';
import { evidenceSummary } from './evidence/evidence-summary.ts';
import { evidencePack } from './evidence/export-evidence.ts';
import { newestCheckpoint } from './evidence/newest-checkpoint.ts';
import { rotateKey } from './evidence/rotate-key.ts';
import { keyProof } from './evidence/show-proof.ts';
import { acknowledge } from './findings/acknowledge.ts';
import { findings } from './findings/findings.ts';
import { findKeys } from './keys/find-keys.ts';
import { keyHistory } from './keys/key-history.ts';
import { keys } from './keys/keys.ts';
import type { AnyOperation, Means } from './operation.ts';
import type { PagedList } from './paged-list.ts';
import { auditLog } from './recording/audit-log.ts';
import {
  closeReviewNow,
  decideReviewKeys,
  remindReview,
  signOffReviewNow,
  startReviewNow,
  withdrawReviewLinks,
} from './reviews/change-reviews.ts';
import { review, reviewKeys, reviews } from './reviews/reviews.ts';
import { storeFacts } from './store-facts.ts';
import { audit } from './sweeps/audit.ts';
import { heldSweeps } from './sweeps/held-sweeps.ts';
import { release } from './sweeps/release.ts';
import { report } from './sweeps/report.ts';
import { pending, progress } from './sweeps/request.ts';
import { sweep } from './sweeps/sweep.ts';
import { stopSweep, sweeps } from './sweeps/sweeps.ts';
import { approveWaiver } from './waivers/approve-waiver.ts';
import { waivers } from './waivers/waivers.ts';

/**
 * All operations for people and programs, by name. The process that holds the store runs them, the
 * HTTP routes are made from them, and other processes call them over the socket.
 */
export const registry = {
  sweep,
  audit,
  progress,
  pending,
  sweeps,
  stopSweep,
  report,
  heldSweeps,
  release,
  findings,
  acknowledge,
  keys,
  findKeys,
  keyHistory,
  alerts,
  outcome,
  retryAlert,
  retryAlerts,
  testChannel,
  waivers,
  approveWaiver,
  backtest,
  reviews,
  review,
  reviewKeys,
  startReview: startReviewNow,
  remindReview,
  closeReview: closeReviewNow,
  signOffReview: signOffReviewNow,
  withdrawReviewLinks,
  decideReview: decideReviewKeys,
  rotateKey,
  auditLog,
  storeFacts,
  evidenceCheck,
  evidencePack,
  evidenceSummary,
  newestCheckpoint,
  keyProof,
};

export type OperationName = keyof typeof registry;

type Call<Entry> = Entry extends {
  run(means: Means, input: infer Input, asked: PageAsked): Promise<Page<infer Item>>;
}
  ? (input: Input) => PagedList<Item>
  : Entry extends {
        run(means: Means, input: infer Input, once: string | undefined): infer Result;
      }
    ? (input: Input, once?: string) => Result
    : never;

/** The operations as functions, which run here or in another process. */
export type Operations = { readonly [Name in OperationName]: Call<(typeof registry)[Name]> };

/** Makes the function of every operation with `callOf`. */
export function mapOperations(
  callOf: (
    operation: AnyOperation,
    name: OperationName,
  ) => (input: never, once?: string) => unknown,
): Operations {
  const calls = Object.entries(registry).map(([name, operation]) => [
    name,
    callOf(operation, name as OperationName),
  ]);
  return Object.fromEntries(calls) as Operations;
}
