import { randomUUID } from 'node:crypto';
import { type DetailsJson, type KeyDetails, readDetailsJson } from '../../keys/detail-fields.ts';
import type { ListedSweep } from '../../record/reads/list-sweeps.ts';
import type { PendingKeys } from '../../record/reads/read-pending.ts';
import type { RequestProgress } from '../../record/sweeps/requests.ts';
import { type BacktestJson, readBacktestJson } from '../../report/backtest/read-backtest-json.ts';
import type { ListedKey, ReportFinding } from '../../report/model.ts';
import { type ReportJson, readReportJson } from '../../report/read-json.ts';
import type { NamedKey, Operations } from '../operations.ts';
import { createHolderApi } from './ask-holder.ts';
import { createRemoteAlerts } from './remote-alerts.ts';

/** Operations done by the process that holds the embedded store, asked over its socket. */
export function createRemoteOperations(socket: string): Operations {
  const holder = createHolderApi(socket);
  const { get, post } = holder;
  return {
    ...createRemoteAlerts(holder),
    async requestAudit({ keys, reason, requestedBy }, idempotencyKey = randomUUID()) {
      const asked = { reason, requestedBy };
      const path = keys === undefined ? '/sweeps' : '/audits';
      const body = keys === undefined ? asked : { ...asked, keys };
      return (await post<{ request: string }>(path, body, idempotencyKey)).request;
    },
    readProgress: (requestId) => get<RequestProgress>(`/requests/${encodeURIComponent(requestId)}`),
    async readPending(requestId) {
      const path = `/requests/${encodeURIComponent(requestId)}/pending`;
      const pending = await get<Instants<PendingKeys, 'deadlineAt'>>(path);
      return pending && { ...pending, deadlineAt: new Date(pending.deadlineAt) };
    },
    async findKeys(keyId, source) {
      const query = source === undefined ? '' : `?source=${encodeURIComponent(source)}`;
      const found = await get<{ keys: NamedKey[] }>(`/keys/${encodeURIComponent(keyId)}${query}`);
      return found?.keys ?? [];
    },
    async readReport(sweepId = 'last') {
      const report = await get<ReportJson>(`/sweeps/${encodeURIComponent(sweepId)}`);
      return report === undefined ? undefined : readReportJson(report);
    },
    async listSweeps() {
      return (await get<{ sweeps: ListedSweep[] }>('/sweeps'))?.sweeps ?? [];
    },
    async *readFindings({ statuses, severity }) {
      const query = [`severity=${severity}`, ...statuses.map((status) => `status=${status}`)];
      const found = await get<{ findings: FindingJson[] }>(`/findings?${query.join('&')}`);
      yield* (found?.findings ?? []).map(reviveFinding);
    },
    async acknowledge({ fingerprint, ...body }) {
      await post(`/findings/${encodeURIComponent(fingerprint)}/acknowledgement`, body);
    },
    async backtest(body) {
      const found = await post<BacktestJson | null>('/backtests', body);
      return found === null ? undefined : readBacktestJson(found);
    },
    async *readKeys() {
      yield* ((await get<{ keys: ListedJson[] }>('/keys'))?.keys ?? []).map(reviveKey);
    },
  };
}

type Instants<T, Names extends keyof T> = Omit<T, Names> & { readonly [N in Names]: string };
type FindingJson = Instants<ReportFinding, 'firstSeen' | 'lastSeen' | 'resolvedAt'>;
type ListedJson = Instants<Omit<ListedKey, keyof KeyDetails>, 'observedAt'> & DetailsJson;

function reviveFinding(finding: FindingJson): ReportFinding {
  return {
    ...finding,
    firstSeen: new Date(finding.firstSeen),
    lastSeen: new Date(finding.lastSeen),
    resolvedAt: instantOrNull(finding.resolvedAt),
  };
}

function reviveKey(key: ListedJson): ListedKey {
  return {
    ...key,
    ...readDetailsJson(key),
    observedAt: instantOrNull(key.observedAt),
  };
}

function instantOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
