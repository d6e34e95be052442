import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { slack } from '../../src/alert/render/slack.ts';
import { renderFindingsCsv, renderSweepsCsv } from '../../src/report/csv/lists-csv.ts';
import { renderCsv } from '../../src/report/csv/report-csv.ts';
import { renderHtml } from '../../src/report/html/render-html.tsx';
import { renderFindingsJson, renderJson, renderSweepsJson } from '../../src/report/json.ts';
import type { ListedSweep, ReportSource } from '../../src/report/model.ts';
import { readReportJson } from '../../src/report/read-json.ts';
import { renderSarif } from '../../src/report/sarif/render-sarif.ts';
import { renderFindingsTable } from '../../src/report/table/findings-table.ts';
import { renderSweepsTable } from '../../src/report/table/sweeps-table.ts';
import { renderTable } from '../../src/report/table/table.ts';
import { aFinding as anAlerted, aSweep as anAlertedSweep } from '../alert/a-finding.ts';
import { changed } from '../alert/render/messages.ts';
import { aFinding, aReport, aSweep, aViolation, gather, stream } from './world.ts';

const genuine = aReport({ violations: [aViolation()] });
const simulated = aReport({
  sweep: aSweep({ simulated: true }),
  violations: [aViolation({ firstSeenSimulated: true })],
});
const continued = aReport({ violations: [aViolation({ firstSeenSimulated: true })] });

const formats: readonly (readonly [string, (report: ReportSource) => AsyncIterable<string>])[] = [
  ['table', (report) => renderTable(report, { color: false, columns: 200 })],
  ['json', renderJson],
  ['csv', renderCsv],
  ['html', (report) => renderHtml(report, { severity: 'info' })],
  ['sarif', (report) => renderSarif(report, { version: '0.1.0', artifact: 'keysweep.yaml' })],
];
/** What follows `</style>`, and without the names of columns, which every CSV has. */
const textOf = (rendered: string) =>
  rendered.replace(/<style>[\s\S]*<\/style>/, '').replace(/^.*,first_seen_simulated,.*\r?\n/, '');

describe('a report of a simulated sweep', () => {
  test.each(formats)('says so as %s, and one of a genuine sweep does not', async (_, render) => {
    expect(textOf(await gather(render(simulated)))).toMatch(/simulated/i);
    expect(textOf(await gather(render(genuine)))).not.toMatch(/simulated/i);
  });

  test.each(['html', 'table', 'csv', 'sarif'])(
    'says it beside the coverage as %s',
    async (name) => {
      const [, render = renderJson] = formats.find(([one]) => one === name) ?? [];
      const text = await gather(render(simulated));
      expect(text).toContain('SIMULATED: keysweep demo invented the answers of this sweep');
    },
  );

  test('keeps its mark through JSON and back', async () => {
    const read = readReportJson(JSON.parse(await gather(renderJson(simulated))));
    expect(read.sweep.simulated).toBe(true);
    for await (const one of read.violations()) expect(one.firstSeenSimulated).toBe(true);
    const other = readReportJson(JSON.parse(await gather(renderJson(genuine))));
    expect(other.sweep).not.toHaveProperty('simulated');
  });
});

describe('a genuine report of a finding that a simulated sweep saw first', () => {
  test.each(formats.filter(([name]) => name !== 'table'))(
    'marks the date as %s, and not the sweep',
    async (_, render) => {
      const text = textOf(await gather(render(continued)));
      expect(text).toMatch(/simulated|,true,,\s*$/i);
      expect(text).not.toContain('SIMULATED');
    },
  );
});

describe('lists', () => {
  const listed = (difference: Partial<ListedSweep> = {}): ListedSweep => ({
    ...aSweep(),
    ...{ stoppedAt: null, tracked: 4, pending: 0, verdicts: null },
    coverage: null,
    ...difference,
  });
  const rows = () => stream([listed({ simulated: true }), listed()]);

  test('tell simulated sweeps from genuine ones in every format', async () => {
    const table = await gather(renderSweepsTable(rows(), { color: false, columns: 200 }));
    expect(table.match(/incomplete, simulated;/g)).toHaveLength(1);
    const { sweeps } = JSON.parse(await gather(renderSweepsJson(rows())));
    expect(sweeps.map((one: ListedSweep) => one.simulated)).toEqual([true, undefined]);
    const [, first, second] = (await gather(renderSweepsCsv(rows()))).split(/\r?\n/);
    expect([first?.endsWith(',true'), second?.endsWith(',')]).toEqual([true, true]);
  });

  test('say of a finding that a simulated sweep saw it first', async () => {
    const findings = () => stream([aFinding({ firstSeenSimulated: true }), aFinding()]);
    const table = await gather(renderFindingsTable(findings(), { color: false, columns: 250 }));
    expect(table.match(/first seen in a simulated sweep/g)).toHaveLength(1);
    const { findings: json } = JSON.parse(await gather(renderFindingsJson(findings())));
    expect(json[0].firstSeenSimulated).toBe(true);
    expect(json[1]).not.toHaveProperty('firstSeenSimulated');
    const [first, second] = parse(await gather(renderFindingsCsv(findings())), { columns: true });
    expect([first, second]).toMatchObject([
      { first_seen_simulated: 'true' },
      { first_seen_simulated: '' },
    ]);
  });
});

describe('an alert', () => {
  const read = (message: ReturnType<typeof changed>) =>
    slack.render(message, new Date('2026-11-23T02:31:00Z')).body;

  test('says that its sweep was simulated', () => {
    const said = read(changed({ sweep: { ...anAlertedSweep, simulated: true } }));
    expect(said).toContain('It was SIMULATED: no vendor was asked.');
    expect(read(changed())).not.toMatch(/simulated/i);
  });

  test('says that a simulated sweep saw a finding first', () => {
    const opened = [anAlerted({ firstSeenSimulated: true })];
    expect(read(changed({ opened }))).toContain('first seen 2026-11-01 (simulated)');
    expect(read(changed({ opened: [anAlerted()] }))).not.toMatch(/simulated/i);
  });
});
