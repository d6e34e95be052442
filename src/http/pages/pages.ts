import { acknowledgePage } from './actions/acknowledge-chosen.ts';
import { approveWaiverPage } from './actions/approve-waiver-now.ts';
import { releasePage, stopPage } from './actions/sweep-actions.ts';
import { alertsPage } from './alerts/alerts.ts';
import { auditLogPage } from './audit-log/audit-log.ts';
import { backtestPage } from './backtest/backtest.ts';
import { controlsPage } from './controls/controls.ts';
import { findingsPage } from './findings/findings.ts';
import { keyPage } from './key/key.ts';
import { keysPage } from './keys/keys.ts';
import { overviewPage } from './overview/overview.ts';
import type { PageEntry } from './page-entry.ts';
import { policyPage } from './policy/policy.ts';
import { requestPage } from './request/request.ts';
import { reviewPage } from './reviews/review.ts';
import { reviewsPage } from './reviews/reviews.ts';
import { sheetPage } from './reviews/sheet.ts';
import { rulePage } from './rule/rule.ts';
import { scopesPage } from './scopes/scopes.ts';
import { sweepPage } from './sweep/sweep.ts';
import { sweepsPage } from './sweeps/sweeps.ts';

/** Every page. */
export const pages: readonly PageEntry[] = [
  ...[overviewPage, findingsPage, keysPage, keyPage, scopesPage],
  ...[sweepsPage, sweepPage, requestPage, alertsPage, policyPage, rulePage, backtestPage],
  ...[controlsPage, reviewsPage, reviewPage, sheetPage, auditLogPage],
  // Questions before actions; they have the addresses of these.
  ...[acknowledgePage, stopPage, releasePage, approveWaiverPage],
];
