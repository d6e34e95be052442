import { createLog } from '../../app/create-log.ts';
import { hearLibraries } from '../../app/hear-libraries.ts';
import { openPostgresDatabase } from '../../record/store/database.ts';
import { migrate } from '../../record/store/migrate.ts';
import { nameRefusal } from '../../record/store/probe-write.ts';
import { loadConfig } from '../config/load-config.ts';
import { type ExitCode, say, type Terminal } from '../terminal.ts';

/** `keysweep migrate`: brings a server database to this program's schema. */
export async function runMigrate(
  terminal: Terminal,
  options: { readonly config?: string },
): Promise<ExitCode> {
  const { config, secrets } = await loadConfig(terminal, options.config);
  if (config.store.kind === 'embedded') {
    say(terminal, 'nothing to do: the embedded store is migrated when a command opens it');
    return 0;
  }
  const log = createLog(config.logLevel, secrets);
  hearLibraries(log);
  const database = openPostgresDatabase(secrets.databaseUrl ?? '', {
    connectionLost: (code, server) =>
      log.warn({ server, code }, 'a connection of the database was lost'),
  });
  const queueInStore = config.queue.kind === 'store';
  const onMoved = (moved: number, of: number) =>
    say(terminal, `packing the evidence of earlier sweeps: ${moved} of ${of} done`);
  try {
    const applied = await nameRefusal(database, migrate(database, queueInStore, onMoved));
    const what = applied.length === 0 ? 'was up to date' : `now has ${applied.join(', ')}`;
    say(terminal, `the database's schema ${what}`);
    return 0;
  } finally {
    await database.close();
  }
}
