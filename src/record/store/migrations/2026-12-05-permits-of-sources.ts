import { type Kysely, type Migration, sql } from 'kysely';

/**
 * The permits of sources, where no Redis keeps them: `planPermits` in SQL, in one call and under the
 * lock of one row. `rate_limit` stays for a while, because workers of the build before count there.
 */
const keepPermits = sql`
  create unlogged table keysweep.source_pace (
    source text primary key,
    free_at timestamptz not null,
    urgent_until timestamptz not null
  );
  create function keysweep.take_permits(of_source text, interval_ms float8, wanted integer,
    is_urgent boolean, ahead_ms float8, grace_ms float8, longest_ms float8,
    out given integer, out in_ms float8
  ) language plpgsql as $body$
  declare
    free timestamptz;
    leaves timestamptz;
    at timestamptz;
    start_ms float8;
    leaves_ms float8;
  begin
    insert into keysweep.source_pace values (of_source, clock_timestamp(), clock_timestamp())
      on conflict do nothing;
    select p.free_at, p.urgent_until into free, leaves
      from keysweep.source_pace p where p.source = of_source for update;
    at := clock_timestamp();
    start_ms := greatest(extract(epoch from free - at) * 1000, 0);
    leaves_ms := greatest(extract(epoch from leaves - at) * 1000, 0);
    if start_ms > longest_ms + interval_ms then start_ms := 0; end if;
    if leaves_ms > longest_ms + interval_ms then leaves_ms := 0; end if;
    given := 0;
    in_ms := greatest(start_ms - ahead_ms, case when is_urgent then 0 else leaves_ms end);
    if in_ms > 0 then
      if is_urgent then leaves_ms := greatest(leaves_ms, in_ms + grace_ms); end if;
    else
      given := least(wanted, 1 + floor((ahead_ms - start_ms) / interval_ms));
      in_ms := start_ms;
      start_ms := start_ms + given * interval_ms;
    end if;
    update keysweep.source_pace p
      set free_at = at + start_ms * interval '1 millisecond',
        urgent_until = at + leaves_ms * interval '1 millisecond'
      where p.source = of_source;
  end
  $body$;
`;

export const permitsOfSources: Migration = {
  async up(db: Kysely<unknown>) {
    await keepPermits.execute(db);
  },
};
