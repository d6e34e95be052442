import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';

/** What became of requests, read in the database: it costs the asked process nothing. */
export interface Requests {
  /** Resolves when the sweep of a request is open. */
  opened(request: string): Promise<void>;
  /** Resolves when the sweep of a request has closed: its verdicts stand. */
  closed(request: string): Promise<void>;
  hasClosed(request: string): Promise<boolean>;
  close(): Promise<void>;
}

type Instant = 'opened_at' | 'closed_at';

/** Looks every `everyMs`, which is how late it may be. */
export async function watchRequests(databaseUrl: string, everyMs: number): Promise<Requests> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  const has = async (request: string, name: Instant) => {
    const text = `select 1 from keysweep.request r join keysweep.sweep s on s.id = r.sweep_id
      where r.id = $1 and s.${name} is not null`;
    return (await pool.query({ name, text, values: [request] })).rowCount === 1;
  };
  const until = async (request: string, name: Instant) => {
    while (!(await has(request, name))) await sleep(everyMs);
  };
  return {
    opened: (request) => until(request, 'opened_at'),
    hasClosed: (request) => has(request, 'closed_at'),
    closed: (request) => until(request, 'closed_at'),
    close: () => pool.end(),
  };
}
