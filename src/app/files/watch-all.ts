import type { JobContext } from '../../../jobs/context.ts';
import { queueAlerts } from '../../../jobs/queueing/queue-alerts.ts';
import { alertRejected } from '../../record/outbox/alert-rejected.ts';
import { alertHeld } from '../../record/sweeps/alert-held.ts';
import { compareInventory } from '../../record/sweeps/inventory/compare-inventory.ts';
import type { CurrentFiles } from './current-files.ts';
import { watchConfig } from './watch-config.ts';
import { type FileWatch, type FileWatchTimings, watchFiles } from './watch-files.ts';
import { type Watching, watchInventory, watchPolicy } from './watched-values.ts';

/** Watches all files of the configuration: see `watchPolicy`, `watchInventory`, `watchConfig`. */
export function watchAll(
  context: Pick<JobContext, 'config' | 'database' | 'log' | 'alerting' | 'enqueue'>,
  files: CurrentFiles,
  timings: FileWatchTimings,
): FileWatch {
  const { config, database, log } = context;
  const { config: file, configHash, policy, inventory } = config.files;
  const watching: Watching = {
    log,
    async alert(content, rejected) {
      const alerts = await alertRejected(database, content, rejected, context.alerting);
      await queueAlerts(alerts, context);
    },
    compare: (value) => compareInventory(database.db, value),
    async alertHeld(held) {
      const alerts = await alertHeld(database, held, files.inputs, context.alerting);
      await queueAlerts(alerts, context);
    },
  };
  const watched = [
    watchPolicy(files, policy === undefined ? [] : [policy], watching),
    watchInventory(files, inventory, watching),
    watchConfig(file, configHash, log),
  ];
  return watchFiles(watched, log, timings);
}
