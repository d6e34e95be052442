import { z } from 'zod';
import type { CheckedRecords, Checking } from '../../evidence/differences/check-result.ts';
import { gzipPack } from '../../evidence/pack-files/gzip.ts';
import { writeTar } from '../../evidence/pack-files/tar.ts';
import { checkRecords } from '../../record/checks/check-records.ts';
import { exportPack, readExportedLog } from '../../record/exports/export-pack.ts';
import { findKey } from '../../record/exports/find-key.ts';
import { oneName } from '../filters.ts';
import { defineFile } from '../operation.ts';
import { paceUntil } from './pace-until.ts';
import { periodFields, wholePeriodOf } from './period.ts';
import { readTextMaker } from './text-maker.ts';

/**
 * The evidence of a time as a pack that verifies offline: docs/evidence-log.md. `only`: of this key
 * alone. Throws `RequestRefused` for a time without an instant, and for an unknown key.
 */
export const evidencePack = defineFile({
  about: 'Exports the evidence of a time, as a pack that verifies offline.',
  access: 'evidence',
  method: 'GET',
  path: 'evidence/pack',
  input: z.strictObject({ ...periodFields, only: oneName.optional() }),
  file: {
    type: 'application/gzip',
    name: ({ from, to }) => `keysweep-evidence-${from}-${to}.tar.gz`.replaceAll(/[^\w.-]/g, '-'),
  },
  async run({ database, config }, { from, to, only }): Promise<AsyncIterable<Uint8Array>> {
    const period = wholePeriodOf({ from, to });
    const { db } = database;
    const key = only === undefined ? null : await findKey(db, only);
    const { origin, verifierKey, witnesses } = config.evidence;
    const terms = {
      ...{ ...period, only: key },
      ...{
        origin,
        verifierKey,
        witnesses: witnesses.map(({ key }) => key),
        maker: readTextMaker(),
      },
    };
    const log = await readExportedLog(db, origin);
    return writePack(checkRecords(database, terms), (compare) =>
      exportPack(db, terms, log, compare),
    );
  },
});

const quietMs = 15_000;

/**
 * The archive. What stands before the differences is sent slowly while the records are compared: its
 * bytes last for an hour, and are the same in each run.
 */
async function* writePack(
  checking: Checking,
  filesOf: (compare: () => Promise<CheckedRecords>) => ReturnType<typeof exportPack>,
): AsyncIterable<Uint8Array> {
  let isWanted = true;
  const compared = compareAll(checking, () => isWanted);
  // A failure is thrown where the result is used.
  compared.catch(() => undefined);
  try {
    const archive = gzipPack(writeTar(filesOf(() => compared)));
    yield* paceUntil(compared, archive, quietMs);
  } finally {
    isWanted = false;
  }
}

/** Stops between two steps where nobody waits for it any more. */
async function compareAll(checking: Checking, isWanted: () => boolean): Promise<CheckedRecords> {
  let step = await checking.next();
  while (step.done !== true) {
    if (!isWanted()) await checking.throw(new Error('nobody waits for the pack'));
    step = await checking.next();
  }
  return step.value;
}
