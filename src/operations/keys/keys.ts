import { z } from 'zod';
import { type DetailsJson, readDetailsJson } from '../../keys/detail-fields.ts';
import { resolveFilter } from '../../record/reads/lists/known-names.ts';
import { readKeysPage } from '../../record/reads/lists/read-keys-page.ts';
import { listedKeyRow } from '../../report/json.ts';
import type { ListedKey } from '../../report/model.ts';
import { reviveInstants, several } from '../answers.ts';
import { findingStatuses, keyFilter, knownNames, severityAsked } from '../filters.ts';
import { defineList } from '../operation.ts';
import { listedKeyShape } from '../shapes/keys.ts';

/**
 * The tracked keys with their newest verdict, and the keys of the inventory that have none yet.
 * With a rule, status or severity, only the keys that have such a finding, by default an unresolved
 * one. Throws `RequestRefused` if a name is unknown.
 */
export const keys = defineList({
  about: 'Lists the tracked keys with their newest verdict.',
  access: 'read',
  method: 'GET',
  path: 'keys',
  input: z.strictObject({
    ...keyFilter,
    status: several(z.enum(findingStatuses)).readonly().optional(),
    severity: severityAsked.optional(),
  }),
  shape: listedKeyShape,
  items: {
    write: listedKeyRow,
    read: (json) => ({
      ...reviveInstants(json as ListedKey, ['observedAt']),
      ...readDetailsJson(json as DetailsJson),
    }),
  },
  async run({ database, config }, filter, asked) {
    const resolved = await resolveFilter(database, filter, knownNames(config));
    return readKeysPage(database, resolved, config.inventory, asked);
  },
});
