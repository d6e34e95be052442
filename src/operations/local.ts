import { openBacktest } from '../backtest/open-backtest.ts';
import type { Config } from '../config/config.ts';
import { acknowledgeFinding } from '../record/findings/acknowledge-finding.ts';
import { alertingOf } from '../record/outbox/alerting.ts';
import { listSweeps } from '../record/reads/list-sweeps.ts';
import { readFindings } from '../record/reads/read-findings.ts';
import { readTrackedKeys } from '../record/reads/read-keys.ts';
import { readPending } from '../record/reads/read-pending.ts';
import { readReport } from '../record/reads/read-report.ts';
import type { Database } from '../record/store/database.ts';
import { RequestRefused } from '../record/store/errors.ts';
import { type AuditRequest, readProgress, writeRequest } from '../record/sweeps/requests.ts';
import { createLocalAlerts, type WakeAlerts } from './local-alerts.ts';
import type { NamedKey, Operations } from './operations.ts';

/** Puts on the queue what was written; what the queue did not take is found by `reconcile`. */
export interface Wake {
  request(id: string): Promise<void>;
  readonly alerts: WakeAlerts;
}

/** Operations on a store that this process has open. */
export function createLocalOperations(database: Database, config: Config, wake: Wake): Operations {
  const known = new Map<string, NamedKey[]>();
  for (const { source, keyId } of config.inventory) {
    const same = known.get(keyId);
    if (same === undefined) known.set(keyId, [{ source, keyId }]);
    else same.push({ source, keyId });
  }
  const findKeys = (keyId: string, source: string | undefined) =>
    (known.get(keyId) ?? []).filter((key) => source === undefined || key.source === source);
  const usageLagOf = (source: string) =>
    config.sources.find(({ id }) => id === source)?.usageLagMs ?? 0;
  return {
    async requestAudit(request, once) {
      refuseUnknown(request, findKeys);
      const id = await writeRequest(database, request, once === undefined ? null : `once ${once}`);
      await wake.request(id).catch(() => undefined);
      return id;
    },
    readProgress: (requestId) => readProgress(database, requestId),
    readPending: (requestId) => readPending(database, requestId),
    findKeys: async (keyId, source) => findKeys(keyId, source),
    readReport: (sweepId) => readReport(database, sweepId),
    listSweeps: () => listSweeps(database),
    readFindings: (filter) => readFindings(database, filter),
    async acknowledge(acknowledgement) {
      const told = await acknowledgeFinding(database, acknowledgement, alertingOf(config));
      await wake.alerts(told).catch(() => undefined);
    },
    readKeys: () => readTrackedKeys(database),
    ...createLocalAlerts(database, config, wake.alerts),
    backtest: (request) => openBacktest(database, request, usageLagOf),
  };
}

function refuseUnknown(
  { keys = [] }: AuditRequest,
  findKeys: (keyId: string, source: string) => readonly NamedKey[],
): void {
  for (const { source, keyId } of keys) {
    if (findKeys(keyId, source).length === 0) {
      throw new RequestRefused(`no key ${keyId} of source ${source} is in the inventory`);
    }
  }
}
