import { queueAlerts } from '../../jobs/queueing/queue-alerts.ts';
import { queueRequests } from '../../jobs/queueing/queue-requests.ts';
import { createThreadJudges } from '../backtest/judging/thread-judges.ts';
import type { Config } from '../config/config.ts';
import { createLocalOperations, type OperationsFor } from '../operations/local.ts';
import type { Means, Wake } from '../operations/operation.ts';
import type { NoteDenied } from '../operations/recording/permit.ts';
import { watchDenials } from '../operations/recording/watch-denials.ts';
import { createDecideByLink, type DecideByLink } from '../operations/reviews/decide-by-link.ts';
import { countDenials } from '../record/audit-log/count-denials.ts';
import type { Database } from '../record/store/database.ts';
import type { Closing } from './closing.ts';

export interface OpenedOperations {
  readonly operationsFor: OperationsFor;
  /** Adds to the audit record what somebody was denied. */
  readonly noteDenied: NoteDenied;
  /** For whoever has a link to a review. */
  readonly decideByLink: DecideByLink;
}

/** The operations of this process on its store; the queue is woken through `context`. */
export function openOperations(
  database: Database,
  current: () => Config,
  context: Parameters<typeof queueRequests>[2] &
    Parameters<typeof queueAlerts>[1] &
    Pick<Means, 'channels'>,
  closing: Closing,
): OpenedOperations {
  const denials = watchDenials((counted) => countDenials(database.db, counted));
  closing.add('counts of denials', () => denials.close());
  const wake: Wake = {
    request: (request) => queueRequests([request], 0, context),
    alerts: (alerts) => queueAlerts(alerts, context),
  };
  const openJudge = createThreadJudges();
  const operationsFor = createLocalOperations(
    database,
    current,
    wake,
    denials.note,
    openJudge,
    context.channels,
  );
  const decideByLink = createDecideByLink({
    database,
    get config() {
      return current();
    },
    ...{ wake, channels: context.channels, openJudge },
    findTracked: async () => [],
  });
  return { operationsFor, noteDenied: denials.note, decideByLink };
}
