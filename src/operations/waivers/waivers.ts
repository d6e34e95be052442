import { z } from 'zod';
import { readApprovals } from '../../record/approvals/read-approvals.ts';
import type { ListedWaiver } from '../../report/waivers/listed-waiver.ts';
import { asList } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { waiverShape } from '../shapes/waivers.ts';
import { listWaivers } from './list-waivers.ts';

/** The waivers of the policy in use, in its order, with who approved them and whom they wait for. */
export const waivers = defineOperation({
  about: 'Lists the waivers of the policy, who approved them, and whom they wait for.',
  access: 'read',
  method: 'GET',
  path: 'waivers',
  input: z.strictObject({}),
  shape: waiverShape,
  answer: asList<ListedWaiver>(),
  run: async ({ database, config }): Promise<readonly ListedWaiver[]> =>
    listWaivers(config, await readApprovals(database.db, config.policy.policy)),
});
