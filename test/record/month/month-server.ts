import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signLog } from '../../../src/app/evidence/sign-log.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { signatureTypes } from '../../../src/evidence/log/verifier-key.ts';
import { type Database, openPostgresDatabase } from '../../../src/record/store/database.ts';
import { migrate } from '../../../src/record/store/migrate.ts';
import { canFakeClock, openFakeClock } from '../../support/fake-clock.ts';
import { canStartPostgres, startPostgres } from '../../support/postgres.ts';

export const origin = 'keysweep/month';
export const signingKey = signingKeyOf(origin, signatureTypes.note, Buffer.alloc(32, 9));

/** A PostgreSQL of its own, whose clock is set by the test, with a log that is signed. */
export interface MonthServer {
  readonly url: string;
  readonly database: Database;
  /** Sets the clock of the server, which goes on from there. */
  setClock(at: Date): Promise<void>;
  /** Signs the log as it is, and returns the note that is kept outside the database. */
  sign(): Promise<string>;
  /** Lets go of the database, which then can be copied; the server goes on. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

export const canHoldMonth = (): boolean => canStartPostgres() && canFakeClock();

export async function openMonthServer(): Promise<MonthServer> {
  const clock = await openFakeClock();
  const postgres = await startPostgres([], { env: clock.env });
  const folder = await mkdtemp(join(tmpdir(), 'ks-month-'));
  const database = openPostgresDatabase(postgres.url, { connectionLost: () => undefined });
  await migrate(database, true);
  const stateFile = join(folder, 'checkpoint');
  let left: Promise<void> | undefined;
  const leave = () => (left ??= database.close());
  return {
    url: postgres.url,
    database,
    setClock: (at) => clock.set(at.getTime() - Date.now()),
    async sign() {
      await signLog(database, { key: signingKey, origin, stateFile });
      return readFile(stateFile, 'utf8');
    },
    leave,
    async close() {
      await leave();
      await postgres.close();
      await clock.close();
      await rm(folder, { recursive: true });
    },
  };
}
