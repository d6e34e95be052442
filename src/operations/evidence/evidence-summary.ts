import { z } from 'zod';
import { version } from '../../config/version.ts';
import type { Summary } from '../../evidence/summary/summary.ts';
import { readSummaryJson, renderSummaryJson } from '../../evidence/summary/summary-json.ts';
import { readExportedLog } from '../../record/exports/export-pack.ts';
import { readSummary } from '../../record/exports/read-summary.ts';
import { jsonText } from '../../report/json-text.ts';
import { defineOperation } from '../operation.ts';
import { evidenceSummaryShape } from '../shapes/evidence-summary.ts';
import { periodFields, wholePeriodOf } from './period.ts';

/**
 * What the evidence of a time says of each control. Throws `RequestRefused` for a time without an
 * instant, and for an empty log.
 */
export const evidenceSummary = defineOperation({
  about: 'Sums up the evidence of a time for each control, as the summary of its pack does.',
  access: 'evidence',
  method: 'GET',
  path: 'evidence/summary',
  input: z.strictObject(periodFields),
  shape: evidenceSummaryShape,
  answer: { write: writeSummary, read: readSummaryJson },
  async run({ database, config }, input): Promise<Summary> {
    const { from, to } = wholePeriodOf(input);
    const { db } = database;
    const log = await readExportedLog(db, config.evidence.origin);
    const maker = { keysweep: version(), timezones: process.versions.tz ?? '' };
    return readSummary(db, { from, to, ...maker }, log);
  },
});

async function* writeSummary(summary: Summary): AsyncIterable<string> {
  yield jsonText(renderSummaryJson(summary));
}
