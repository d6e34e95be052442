import { expect, test } from 'vitest';
import { summarise } from '../../../src/evidence/summary/summarise.ts';
import { readSummaryJson, renderSummaryJson } from '../../../src/evidence/summary/summary-json.ts';
import { readExportedLog } from '../../../src/record/exports/export-pack.ts';
import { gatherExport } from '../../../src/record/exports/gather-export.ts';
import { readSummary } from '../../../src/record/exports/read-summary.ts';
import { readSummaryEvidence } from '../../../src/record/exports/read-texts.ts';
import { shippedConfig, writePast } from '../../http/pages/a-past.ts';
import { describeStores } from '../stores.ts';

const terms = {
  ...{ from: new Date('2026-01-01T00:00:00Z'), to: new Date('2999-01-01T00:00:00Z') },
  ...{ keysweep: '1.2.3', timezones: '2025b' },
};

describeStores('a summary of the evidence', (get) => {
  test('says the same as that of the pack of its time, also after it was sent as JSON', async () => {
    const { db } = get();
    const until = new Date('2026-11-29T07:30:00Z');
    const config = await shippedConfig();
    await writePast(get(), { config, until, nights: 4, incomplete: [1] });
    const log = await readExportedLog(db, undefined);
    const summary = await readSummary(db, terms, log);
    expect(summary.sweeps).toMatchObject({ full: 4, incomplete: [{ scope: 'full' }], removed: [] });
    expect(summary.findings.length).toBeGreaterThan(0);
    const plan = await gatherExport(db, log.size, { ...terms, only: null });
    const evidence = await readSummaryEvidence(db, plan);
    expect(summary).toEqual(summarise({ info: summary.info, ...evidence }));
    const sent: unknown = JSON.parse(JSON.stringify(renderSummaryJson(summary)));
    expect(readSummaryJson(sent)).toEqual(summary);
  });

  test('has nothing of sweeps outside its time', async () => {
    const { db } = get();
    const until = new Date('2026-11-29T07:30:00Z');
    await writePast(get(), { config: await shippedConfig(), until, nights: 2 });
    const log = await readExportedLog(db, undefined);
    const past = { ...terms, to: new Date('2026-01-02T00:00:00Z') };
    const summary = await readSummary(db, past, log);
    expect(summary).toMatchObject({ sweeps: { full: 0 }, findings: [], controls: [] });
  });
});
