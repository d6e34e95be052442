import { z } from 'zod';
import type { CheckedRecords, Checking } from '../../evidence/differences/check-result.ts';
import { gzipPack } from '../../evidence/pack-files/gzip.ts';
import { writeTar } from '../../evidence/pack-files/tar.ts';
import { checkRecords } from '../../record/checks/check-records.ts';
import { exportPack, readExportedLog } from '../../record/exports/export-pack.ts';
import { findKey } from '../../record/exports/find-key.ts';
import { oneName } from '../filters.ts';
import { defineFile } from '../operation.ts';
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
    return writePack(checkRecords(db, terms), (checked) => exportPack(db, terms, log, checked));
  },
});

const quietMs = 15_000;
/** An archive of nothing, which whoever unpacks skips: it shows that the answer still comes. */
const nothing = Buffer.from('1f8b080000000000000303000000000000000000', 'hex');

async function* writePack(
  checking: Checking,
  filesOf: (checked: CheckedRecords) => ReturnType<typeof exportPack>,
): AsyncIterable<Uint8Array> {
  let saidAt = performance.now();
  let step = await checking.next();
  for (; step.done !== true; step = await checking.next()) {
    if (performance.now() - saidAt < quietMs) continue;
    yield nothing;
    saidAt = performance.now();
  }
  yield* gzipPack(writeTar(filesOf(step.value)));
}
