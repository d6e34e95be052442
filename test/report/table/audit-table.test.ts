import { expect, test } from 'vitest';
import type { AuditRecord } from '../../../src/report/audit-model.ts';
import { renderAuditCsv } from '../../../src/report/csv/lists-csv.ts';
import { renderAuditJson } from '../../../src/report/json.ts';
import { renderAuditTable } from '../../../src/report/table/audit-table.ts';
import { gather, openedAt, stream } from '../world.ts';

const aRecord = (difference: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ id: '7', at: openedAt, who: 'ops', role: 'operator', asserted: null, what: 'release' },
  ...{ known: null, subject: null, mail: null },
  ...{ input: { id: '019ab0de' }, origin: '192.0.2.7', outcome: 'done', reason: null },
  ...{ endedAt: openedAt, request: null, times: 1 },
  ...difference,
});
const hostile = '=cmd\u001b[31m\u202e<script>';
const denied = aRecord({
  ...{ who: null, role: null, what: 'token', input: {}, outcome: 'denied' },
  ...{ reason: 'the token is not known', times: 980 },
});

const table = (...records: AuditRecord[]) =>
  gather(renderAuditTable(stream(records), { color: false, columns: 200 }));

test('a line says what came of a change, when, who asked, from where, and for what', async () => {
  const [title, head, row] = (await table(aRecord())).split('\n');
  expect(title).toBe('Changes that were asked for');
  expect(head).toMatch(/^ {2}OUTCOME +WHEN +WHO +ORIGIN +WHAT, INPUT, REASON$/);
  expect(row).toMatch(
    /^ {2}done +2026-\S+ \S+Z {2}ops \(operator\) {2}192\.0\.2\.7 {2}release: id=019ab0de$/,
  );
});

test('a name that a request gives itself stands beside the one of the credential', async () => {
  expect(await table(aRecord({ asserted: 'ann' }))).toContain('ops (operator, asserted ann)');
  const signedIn = aRecord({ known: 'oidc', mail: 'ops@x.example' });
  expect(await table(signedIn)).toContain('ops (operator, signed in, ops@x.example)');
  expect(await table(aRecord({ known: 'token' }))).toContain('ops (operator, by token)');
  expect(await table(aRecord({ asserted: 'ops' }))).not.toContain('asserted');
});

test('the input is shown without what says nothing', async () => {
  const keys = [{ source: 's', keyId: 'k' }, '… and 2 more'];
  const input = { keys, reason: null, files: { replacesInventory: false, policy: null } };
  expect(await table(aRecord({ input }))).toMatch(
    /release: keys=\[source=s keyId=k, … and 2 more\]\n/,
  );
  expect(await table(aRecord({ input: { reason: null } }))).toMatch(/ release\n/);
});

test('denials are counted', async () => {
  expect(await table(denied)).toMatch(/ – .*token 980 times: the token is not known\n/);
});

test('an empty list says so', async () => {
  expect(await table()).toBe('No changes were asked for.\n');
});

test('a hostile name is text in every format', async () => {
  const record = aRecord({ asserted: hostile, input: { by: hostile } });
  expect(await table(record)).toContain('by==cmd\\u{1b}[31m\\u{202e}<script>');
  const csv = await gather(renderAuditCsv(stream([record])));
  expect(csv.split('\r\n')[1]).toContain(`'=cmd`);
  const json = JSON.parse(await gather(renderAuditJson(stream([record, denied]))));
  expect(json).toMatchObject({
    schema: 'keysweep.audit-log/1',
    records: [
      { id: '7', asserted: hostile, input: { by: hostile }, at: openedAt.toISOString() },
      { who: null, times: 980 },
    ],
  });
});
