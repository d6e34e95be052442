import { z } from 'zod';
import type { CheckedRecords, Checking } from '../../evidence/differences/check-result.ts';
import { renderCheckJson } from '../../evidence/differences/render-check.ts';
import { checkRecords } from '../../record/checks/check-records.ts';
import { defineOperation } from '../operation.ts';
import { evidenceCheckShape } from '../shapes/evidence.ts';
import { periodFields, periodOf } from './period.ts';

/** Compares the records with the evidence log. Sweeps outside the time are not made anew. */
export const evidenceCheck = defineOperation({
  about: 'Compares the records with the evidence log, and lists what differs.',
  access: 'evidence',
  method: 'GET',
  path: 'evidence/check',
  input: z.strictObject({ from: periodFields.from.optional(), to: periodFields.to.optional() }),
  shape: evidenceCheckShape,
  answer: { write: writeCheck, read: readCheck },
  async run({ database, config }, { from, to }): Promise<Checking> {
    const { verifierKey, witnesses } = config.evidence;
    const keys = { verifierKey, witnesses: witnesses.map(({ key }) => key) };
    return checkRecords(database, { ...periodOf({ from, to }), ...keys });
  },
});

/** Sends spaces while it compares, so that the receiver does not give up. */
async function* writeCheck(checking: Checking): AsyncIterable<string> {
  let step = await checking.next();
  for (; step.done !== true; step = await checking.next()) yield ' ';
  yield* renderCheckJson(step.value);
}

async function* readCheck(json: unknown): Checking {
  const checked = json as CheckedRecords;
  yield [checked.keys, checked.keys];
  return checked;
}
