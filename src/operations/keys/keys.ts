import { z } from 'zod';
import { type DetailsJson, readDetailsJson } from '../../keys/detail-fields.ts';
import { mergeInventory } from '../../record/reads/merge-inventory.ts';
import { readTrackedKeys } from '../../record/reads/read-keys.ts';
import { listedKeyRow } from '../../report/json.ts';
import type { ListedKey } from '../../report/model.ts';
import { reviveInstants } from '../answers.ts';
import { defineList } from '../operation.ts';

/** Every tracked key with its newest verdict, and the keys of the inventory that have none yet. */
export const keys = defineList({
  access: 'read',
  method: 'GET',
  path: 'keys',
  input: z.strictObject({}),
  items: {
    write: listedKeyRow,
    read: (json) => ({
      ...reviveInstants(json as ListedKey, ['observedAt']),
      ...readDetailsJson(json as DetailsJson),
    }),
  },
  run: ({ database, config }) => mergeInventory(readTrackedKeys(database), config.inventory),
});
