import { sql } from 'kysely';
import { parsePinned } from '../../../evaluate/policy/parse-pinned.ts';
import type { Policy } from '../../../evaluate/policy/policy.ts';
import type { MomentEntry } from '../../../report/key-history/key-history-model.ts';
import type { ObservationContent } from '../../store/observation-content.ts';

/** What the moments of a key refer to, by its row. Hundreds of moments refer to the same. */
export interface Shared {
  /** Undefined where the vendor did not answer. */
  contentOf(row: number | null): ObservationContent | undefined;
  entryOf(row: number): MomentEntry;
  policyOf(row: number): Policy;
}

type Listed<Value> = readonly (readonly [row: number, value: Value])[] | null;

export interface SharedColumns {
  readonly contents: Listed<ObservationContent>;
  readonly entries: Listed<MomentEntry>;
  /** As text. */
  readonly policies: Listed<string>;
}

/** Each row that `moment` refers to, once, looked up by its index. */
export const sharedColumns = sql`(
    select json_agg(json_build_array(o.id, o.content))
    from (select distinct observation from moment) m cross join lateral (
      select id, content from keysweep.observation where id = m.observation offset 0
    ) o
  ) as contents, (
    select json_agg(json_build_array(e.id, json_build_object('owner', e.owner,
      'environment', e.environment, 'approvedScopes', e.approved_scopes, 'tags', e.tags)))
    from (select distinct entry from moment) m cross join lateral (
      select * from keysweep.inventory_entry where id = m.entry offset 0
    ) e
  ) as entries, (
    select json_agg(json_build_array(p.id, p.text))
    from (select distinct policy from moment) m cross join lateral (
      select id, text from keysweep.policy where id = m.policy offset 0
    ) p
  ) as policies`;

/** A policy is parsed when a moment first asks for it: most keys break no rule. */
export function toShared({ contents, entries, policies }: SharedColumns): Shared {
  const [contentsByRow, entriesByRow] = [new Map(contents), new Map(entries)];
  const texts = new Map(policies);
  const parsed = new Map<number, Policy>();
  return {
    contentOf: (row) => (row === null ? undefined : contentsByRow.get(row)),
    entryOf: (row) => need(entriesByRow.get(row), `inventory entry ${row}`),
    policyOf(row) {
      const policy = parsed.get(row) ?? parsePinned(need(texts.get(row), `policy ${row}`), null);
      parsed.set(row, policy);
      return policy;
    },
  };
}

function need<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`the records lack the ${what}`);
  return value;
}
