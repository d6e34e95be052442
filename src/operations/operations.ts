import type { BacktestRequest } from '../backtest/open-backtest.ts';
import type { Acknowledgement } from '../record/findings/acknowledge-finding.ts';
import type { RetriedAlerts, RetryRequest } from '../record/outbox/retry-alert.ts';
import type { WrittenAlert } from '../record/outbox/write-alerts.ts';
import type { ListedSweep } from '../record/reads/list-sweeps.ts';
import type { AlertsFilter } from '../record/reads/read-alerts.ts';
import type { FindingsFilter } from '../record/reads/read-findings.ts';
import type { PendingKeys } from '../record/reads/read-pending.ts';
import type { AuditRequest, RequestProgress } from '../record/sweeps/requests.ts';
import type { AlertOutcome, HeldSweep, ListedAlert } from '../report/alerts-model.ts';
import type { BacktestSource } from '../report/backtest/backtest-model.ts';
import type { ListedKey, ReportFinding, ReportSource } from '../report/model.ts';

export interface NamedKey {
  readonly source: string;
  readonly keyId: string;
}

/** What may be asked about alerts. */
export interface AlertOperations {
  /** Newest first. */
  readAlerts(filter: AlertsFilter): AsyncIterable<ListedAlert>;
  readHeldSweeps(): Promise<readonly HeldSweep[]>;
  /** Has alerts sent again. Throws `RequestRefused` where one that is named must not be. */
  retryAlerts(request: RetryRequest): Promise<RetriedAlerts>;
  /** How delivery stands with at most 10,000 alerts; `soon` counts those due within `withinMs`. */
  readOutcome(ids: readonly string[], withinMs: number): Promise<AlertOutcome>;
  /** Tells what a sweep holds back. Throws `RequestRefused` where it holds nothing. */
  releaseSweep(sweepId: string): Promise<readonly WrittenAlert[]>;
}

/**
 * What a person or a program may ask of keysweep. The process that holds the store does it itself;
 * another one asks that process over its socket. Both play this part.
 */
export interface Operations extends AlertOperations {
  /**
   * Asks for an audit; the answer is the request's id. What is asked again with the same `once` is
   * one request. Throws `RequestRefused` for unknown keys.
   */
  requestAudit(request: AuditRequest, once?: string): Promise<string>;
  readProgress(requestId: string): Promise<RequestProgress | undefined>;
  /** What the request's sweep waits for; a look at each of its keys, so not for every moment. */
  readPending(requestId: string): Promise<PendingKeys | undefined>;
  /** The tracked keys of that id, in every source or in the one named. */
  findKeys(keyId: string, source: string | undefined): Promise<readonly NamedKey[]>;
  /** A closed sweep; without an id the full one closed last. */
  readReport(sweepId: string | undefined): Promise<ReportSource | undefined>;
  listSweeps(): Promise<readonly ListedSweep[]>;
  readFindings(filter: FindingsFilter): AsyncIterable<ReportFinding>;
  readKeys(): AsyncIterable<ListedKey>;
  /** Ends a finding of an event. Throws `RequestRefused` where it is none, or not to be found. */
  acknowledge(acknowledgement: Acknowledgement): Promise<void>;
  /** Judges kept sweeps under another policy; undefined when no closed sweep is as wanted. */
  backtest(request: BacktestRequest): Promise<BacktestSource | undefined>;
}
