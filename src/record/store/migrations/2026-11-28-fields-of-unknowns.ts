import { type Kysely, type Migration, sql } from 'kysely';

/**
 * An unknown kept its fields in a sentence; from now on it keeps them as a list, and the sentence is
 * made from it. Closed sweeps stay as they are, because their seals are over these very rows: their
 * unknowns keep the sentence and name no fields.
 */
const keepFields = sql`
  update keysweep.sweep_key s set judgement = jsonb_set(s.judgement, '{u}', (
    select jsonb_agg(case
        when u.row->>2 = 'no such key, and no missing rule applies to it'
          then jsonb_build_array(u.row->0, u.row->1, '[]'::jsonb, 'no-missing-rule')
        when u.row->>1 = 'field-unreadable' and u.row->>0 is not null
          then jsonb_build_array(u.row->0, u.row->1, to_jsonb(string_to_array(
            replace(replace(u.row->>2, ' lies in the future', ''),
              ': a never-used rule may apply', ''), ', '))) || case
            when u.row->>2 like '%lies in the future%' then '["in-future"]'::jsonb
            when u.row->>2 like '%a never-used rule may apply' then '["never-used-may-apply"]'
            else '[]'
          end
        else u.row
      end order by u.place)
    from jsonb_array_elements(s.judgement->'u') with ordinality as u (row, place)
  ))
  where s.judgement ? 'u'
    and s.sweep_id in (select id from keysweep.sweep where closed_at is null);
`;

export const fieldsOfUnknowns: Migration = {
  async up(db: Kysely<unknown>) {
    await keepFields.execute(db);
  },
};
