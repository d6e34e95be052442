import { expect, test } from 'vitest';
import type { HeldSweep, ListedAlert } from '../../src/report/alerts-model.ts';
import { renderAlertsCsv } from '../../src/report/csv/lists-csv.ts';
import { renderAlertsJson } from '../../src/report/json.ts';
import { renderAlertsTable } from '../../src/report/table/alerts-table.ts';

const id = '5e1f0b6e-3c3f-4d58-9a53-0d8d3f0a1b2c';
const failed: ListedAlert = {
  id,
  plannedAt: new Date('2026-11-23T02:31:00.500Z'),
  channel: 'siem',
  type: 'findings.changed',
  part: 1,
  parts: 2,
  state: 'failed',
  attempts: 3,
  nextAt: null,
  sending: false,
  endedAt: new Date('2026-11-23T02:32:00Z'),
  sweep: 'b7a1c9a0-0000-4000-8000-000000000001',
  findings: 12,
  detail: 'answered 404',
};
const held: HeldSweep = {
  sweep: 'b7a1c9a0-0000-4000-8000-000000000001',
  openedAt: new Date('2026-11-23T02:30:00Z'),
  held: 1,
  cause: 'one-rule',
  detail: 'rule stale-45 fails for all',
};

async function* each<T>(...rows: T[]): AsyncIterable<T> {
  yield* rows;
}

async function text(pieces: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece;
  return all;
}

const table = (alerts: readonly ListedAlert[], sweeps: readonly HeldSweep[] = [], columns = 200) =>
  text(renderAlertsTable(each(...alerts), sweeps, { color: false, columns }));

test('a row says of an alert what can be done about it', async () => {
  expect(await table([failed])).toBe(
    `Alerts
  STATE   ID                                    CHANNEL  TYPE                  WHEN, CONTENT, RESULT
  failed  ${id}  siem     findings.changed 1/2  planned 2026-11-23 02:31:00Z, failed 2026-11-23 02:32:00Z; 12 findings, 3 attempts: answered 404
`,
  );
});

test('id, part and instants stay whole on a narrow terminal', async () => {
  const shown = await table([failed], [], 80);
  for (const whole of [id, 'findings.changed 1/2', '02:31:00Z', '02:32:00Z']) {
    expect(shown).toContain(whole);
  }
});

test('when a waiting one is due is told from one that is being sent', async () => {
  const waiting = { ...failed, state: 'pending', endedAt: null } as const;
  const nextAt = new Date('2026-11-23T04:00:00Z');
  expect(await table([{ ...waiting, nextAt }])).toContain('2026-11-23 04:00:00Z');
  expect(await table([{ ...waiting, nextAt, sending: true }])).toContain('being sent');
});

test('a sweep that is held stands first, with the command that releases it', async () => {
  const line = `sweep ${held.sweep} holds 1 change: rule stale-45 fails for all; keysweep alerts release ${held.sweep}\n`;
  expect((await table([failed], [held])).startsWith(`${line}\nAlerts\n`)).toBe(true);
  expect(await table([], [{ ...held, detail: null }])).toBe(
    `sweep ${held.sweep} holds 1 change; keysweep alerts release ${held.sweep}\nNo alerts.\n`,
  );
});

test('a row leaves out what there is none of', async () => {
  const whole = { ...failed, part: 1, parts: 1, findings: 0, attempts: 1, detail: null };
  expect(await table([whole])).toMatch(/findings\.changed +planned .+Z; 1 attempt\n/);
});

test('nothing is said to be nothing', async () => {
  expect(await table([])).toBe('No alerts.\n');
});

test('what a terminal would obey is shown', async () => {
  const evil = '\u001b[2J\u202e\n';
  const shown = await table(
    [{ ...failed, channel: evil, detail: evil }],
    [{ ...held, detail: evil }],
  );
  for (const obeyed of ['\u001b', '\u202e']) expect(shown).not.toContain(obeyed);
  expect(shown.match(/\\u\{1b\}/g)).toHaveLength(3);
});

test('JSON has both lists, always, and instants in whole', async () => {
  expect(JSON.parse(await text(renderAlertsJson(each(failed), [held])))).toEqual({
    schema: 'keysweep.alerts/1',
    alerts: [
      { ...failed, plannedAt: '2026-11-23T02:31:00.500Z', endedAt: '2026-11-23T02:32:00.000Z' },
    ],
    held: [{ ...held, openedAt: '2026-11-23T02:30:00.000Z' }],
  });
  const none = { schema: 'keysweep.alerts/1', alerts: [], held: [] };
  expect(JSON.parse(await text(renderAlertsJson(each(), [])))).toEqual(none);
});

test('CSV has a row an alert, and no formula of a stranger', async () => {
  const csv = await text(renderAlertsCsv(each({ ...failed, detail: '=cmd|x' })));
  expect(csv.slice(1)).toBe(
    [
      'id,planned_at_utc,channel,type,part,parts,state,attempts,next_at_utc,ended_at_utc,findings,sweep,detail',
      `${id},2026-11-23 02:31:00,siem,findings.changed,1,2,failed,3,,2026-11-23 02:32:00,12,${failed.sweep},'=cmd|x`,
      '',
    ].join('\r\n'),
  );
});
