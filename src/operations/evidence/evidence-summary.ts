import { z } from 'zod';
import type { Summary } from '../../evidence/summary/summary.ts';
import { readSummaryJson, renderSummaryJson } from '../../evidence/summary/summary-json.ts';
import { readExportedLog } from '../../record/exports/export-pack.ts';
import { readSummary } from '../../record/exports/read-summary.ts';
import { jsonText } from '../../report/json-text.ts';
import { defineOperation, type Means } from '../operation.ts';
import { evidenceSummaryShape } from '../shapes/evidence-summary.ts';
import { periodFields, wholePeriodOf } from './period.ts';
import { readMakerVersions } from './text-maker.ts';

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
  run: summariseEvidence,
});

/** The same for a page, which whoever reads the records may see. */
export async function summariseEvidence(
  { database: { db }, config }: Pick<Means, 'database' | 'config'>,
  input: { readonly from: string; readonly to: string },
): Promise<Summary> {
  const period = wholePeriodOf(input);
  const log = await readExportedLog(db, config.evidence.origin);
  return readSummary(db, { ...period, ...readMakerVersions() }, log);
}

async function* writeSummary(summary: Summary): AsyncIterable<string> {
  yield jsonText(renderSummaryJson(summary));
}
