import { z } from 'zod';
import type { ScheduleFacts } from '../record/reads/read-schedule-facts.ts';
import { readStoreFacts, type StoreFacts } from '../record/reads/read-store-facts.ts';
import { jsonText } from '../report/json-text.ts';
import { reviveInstants, several } from './answers.ts';
import { defineOperation } from './operation.ts';
import { storeFactsShape } from './shapes/store.ts';

/** What the store says of itself; `schedules` are their ids. Writes one row, to see if it can. */
export const storeFacts = defineOperation({
  about: 'Says how the store is, as `keysweep doctor` shows it.',
  access: 'read',
  method: 'GET',
  path: 'store-facts',
  input: z.strictObject({ schedules: several(z.string().max(200)).optional() }),
  shape: storeFactsShape,
  answer: {
    async *write(facts: StoreFacts) {
      yield jsonText(facts);
    },
    read: (json: unknown): StoreFacts => {
      const facts = reviveInstants(json as StoreFacts, ['lastFullSweepAt']);
      return { ...facts, schedules: facts.schedules.map(reviveSchedule) };
    },
  },
  run: ({ database, config }, { schedules = [] }) =>
    readStoreFacts(database, schedules, config.queue.kind === 'store'),
});

function reviveSchedule(json: ScheduleFacts): ScheduleFacts {
  const facts = reviveInstants(json, ['lastSweepAt']);
  const { lastTick } = facts;
  return { ...facts, lastTick: lastTick && reviveInstants(lastTick, ['dueAt']) };
}
