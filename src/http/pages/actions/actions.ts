import { tryPolicy } from '../backtest/try-policy.ts';
import { decideOnPage } from '../reviews/decide.ts';
import { reviewActions } from '../reviews/review-actions.ts';
import { acknowledgeChosen } from './acknowledge-chosen.ts';
import type { ActionEntry } from './action-entry.ts';
import { approveWaiverNow } from './approve-waiver-now.ts';
import { auditKeys } from './audit-keys.ts';
import { releaseHeld, retryAlertNow, stopSweepNow, sweepNow } from './sweep-actions.ts';
import { testChannelNow } from './test-channel-now.ts';

/** Every action of the pages. */
export const actions: readonly ActionEntry[] = [
  ...[acknowledgeChosen, auditKeys, sweepNow, stopSweepNow],
  ...[approveWaiverNow, releaseHeld, retryAlertNow, testChannelNow, tryPolicy],
  ...[decideOnPage, ...reviewActions],
];
