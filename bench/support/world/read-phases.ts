import { Client } from 'pg';

/** Seconds of the last sweep in which one process alone works. */
export interface Phases {
  /** Until the first batch was recorded: inventory, batches, queue. */
  readonly first: number;
  /** From the last batch to the close. */
  readonly closing: number;
}

/** Reads from the records when the batches of the newest sweep were done. */
export async function readPhases(databaseUrl: string): Promise<Phases> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Phases>(`
      select extract(epoch from min(b.done_at) - s.opened_at)::float8 as first,
        extract(epoch from s.closed_at - max(b.done_at))::float8 as closing
      from keysweep.sweep s join keysweep.sweep_batch b on b.sweep_id = s.id
      where s.id = (select max(id) from keysweep.sweep) group by s.id`);
    const [phases] = rows;
    if (phases === undefined) throw new Error('there is no sweep');
    return phases;
  } finally {
    await client.end();
  }
}
