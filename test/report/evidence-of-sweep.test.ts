import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { renderCsv } from '../../src/report/csv/report-csv.ts';
import type { EvidenceOfSweep } from '../../src/report/evidence-of-sweep.ts';
import { renderHtml } from '../../src/report/html/render-html.tsx';
import { renderJson } from '../../src/report/json.ts';
import { readReportJson } from '../../src/report/read-json.ts';
import { renderSarif } from '../../src/report/sarif/render-sarif.ts';
import { renderTable } from '../../src/report/table/table.ts';
import { aReport, aReportKey, gather } from './world.ts';

const checkpoint = 'keysweep/acme\n19\nAAAA\n\n— keysweep/acme BBBB\n';
const signed: EvidenceOfSweep = { leaf: 17, checkpoint };
const unsigned: EvidenceOfSweep = { leaf: 17, checkpoint: null };

const render = {
  table: (evidence: EvidenceOfSweep | null) =>
    gather(
      renderTable(aReport(evidence === null ? {} : { evidence }), { color: false, columns: 100 }),
    ),
  html: (evidence: EvidenceOfSweep | null) =>
    gather(renderHtml(aReport(evidence === null ? {} : { evidence }), { severity: 'info' })),
};

test.each(['table', 'html'] as const)(
  'a report as %s says who signed its leaf, or that nobody has',
  async (form) => {
    expect(await render[form](signed)).toContain(
      'leaf 17 of the evidence log, signed by keysweep/acme at 19 leaves',
    );
    expect(await render[form](unsigned)).toContain('leaf 17 of the evidence log, not signed');
    expect(await render[form](null)).not.toContain('evidence log');
  },
);

test('a page holds the checkpoint line by line, so that it can be kept', async () => {
  expect(await render.html(signed)).toContain(`<pre class="checkpoint">${checkpoint}</pre>`);
});

test('CSV holds the leaf, the size and the root in the row of the sweep', async () => {
  const text = await gather(renderCsv(aReport({ evidence: signed, keys: [aReportKey()] })));
  expect(parse(text, { columns: true, bom: true })).toMatchObject([
    { about: 'sweep', evidence_leaf: '17', evidence_checkpoint: 'keysweep/acme 19 AAAA' },
    { about: 'key', evidence_leaf: '', evidence_checkpoint: '' },
  ]);
});

test('JSON and SARIF hold the leaf and the checkpoint', async () => {
  const json = JSON.parse(await gather(renderJson(aReport({ evidence: signed }))));
  expect(json.evidence).toEqual(signed);
  expect(readReportJson(json).evidence).toEqual(signed);
  const options = { version: '1.0.0', artifact: 'policy.yaml' };
  const sarif = JSON.parse(await gather(renderSarif(aReport({ evidence: signed }), options)));
  expect(sarif.runs[0].properties.evidence).toEqual(signed);
});
