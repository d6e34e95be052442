import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { remedies } from '../../../src/evaluate/remedies.ts';
import { renderFindingsCsv, renderKeysCsv } from '../../../src/report/csv/lists-csv.ts';
import { renderCsv } from '../../../src/report/csv/report-csv.ts';
import {
  aFinding,
  aListedKey,
  anUnknown,
  aReport,
  aReportKey,
  aViolation,
  aWaiver,
  gather,
  openedAt,
  type ReportRows,
  stream,
} from '../world.ts';

type Record = { readonly [column: string]: string };

async function read(pieces: AsyncIterable<string>): Promise<readonly Record[]> {
  return parse(await gather(pieces), { bom: true, columns: true });
}

const render = (rows: ReportRows) => read(renderCsv(aReport(rows)));

describe('a report in CSV', () => {
  test('opens with the sweep, its coverage and what coverage is of', async () => {
    const [first] = await render({});
    expect(first).toMatchObject({
      about: 'sweep',
      verdict: 'incomplete',
      message:
        '412 of 415 audited, 3 unknown; 1 audited only in part. ' +
        'Coverage is of the inventory only: a key that nobody tracks is not seen.',
      sweep_id: '019ab0de-7c1f-7d3e-9a55-0b1c2d3e4f50',
      swept_at_utc: '2026-11-23 07:30:00',
      policy_version: '2026-11',
    });
  });

  test('has one row a tracked key, so that keys can be counted by verdict', async () => {
    const keys = [
      aReportKey(),
      aReportKey({ keyId: 'k2', verdict: 'fail' }),
      aReportKey({ keyId: 'k3', verdict: 'unknown', createdOn: undefined, lastUsed: undefined }),
    ];
    const violations = ['a', 'b'].map((rule) => aViolation({ keyId: 'k2', rule }));
    const rows = await render({ keys, violations });
    const counted = rows.filter(({ about }) => about === 'key');
    expect(counted.map(({ key_id, verdict }) => [key_id, verdict])).toEqual([
      ['key_abc123', 'pass'],
      ['k2', 'fail'],
      ['k3', 'unknown'],
    ]);
    expect(counted[2]).toMatchObject({ created_on_utc: '', last_used_utc: '', idle_days: '' });
  });

  test('has a row a key and rule that is broken, with what is known of the key', async () => {
    const lastUsed = new Date('2026-09-23T07:30:01Z');
    const keys = [aReportKey({ lastUsed, scopes: ['a:read', 'b:*'], verdict: 'fail' })];
    const rows = await render({ keys, violations: [aViolation()] });
    expect(rows.find(({ about }) => about === 'rule')).toMatchObject({
      ...{ verdict: 'fail', severity: 'high', source: 'prod', key_id: 'key_abc123' },
      ...{ name: 'Checkout', owner: 'payments', environment: 'production', rule: 'stale-45' },
      ...{ rule_type: 'stale', message: 'not used for 61 days; the limit is 45 days' },
      ...{ controls: 'CIS AWS 4.0 1.12', first_seen_utc: '2026-11-23 07:30:00' },
      ...{ key_type: 'secret', scopes: 'a:read|b:*', last_used_utc: '2026-09-23 07:30:01' },
      ...{ created_on_utc: '2026-01-02 03:04:05', age_days: '325', idle_days: '60' },
      ...{ last_four: '7dc0', fingerprint: 'f'.repeat(64), waiver: '' },
      remedy: remedies.stale,
    });
  });

  test('says of a waived violation who asked for the waiver, who approved it, and until when', async () => {
    const violations = [aViolation({ status: 'waived', waiver: 'W-12' })];
    const waivers = [aWaiver({ approvedBy: ['bob', 'eve'] })];
    const rows = await render({ keys: [aReportKey({ verdict: 'waived' })], violations, waivers });
    const waiver = {
      ...{ waiver: 'W-12', waiver_reason: 'seasonal job', waiver_requested_by: 'ann' },
      ...{ waiver_approved_by: 'bob|eve', waiver_last_day: '2027-01-31', rule: 'stale-45' },
    };
    expect(rows.find(({ about }) => about === 'rule')).toMatchObject({
      verdict: 'waived',
      ...waiver,
    });
    expect(rows.find(({ about }) => about === 'waiver')).toMatchObject({ key_id: '', ...waiver });
  });

  test('says why a rule or a whole key is unknown', async () => {
    const unknowns = [anUnknown(), anUnknown({ rule: 'old', reason: 'field-unreadable' })];
    const rows = (await render({ unknowns })).filter(({ verdict }) => verdict === 'unknown');
    expect(rows).toMatchObject([
      { about: 'rule', rule: '*', reason: 'timeout', message: 'no whole answer in 10 s' },
      { about: 'rule', rule: 'old', reason: 'field-unreadable' },
    ]);
  });

  test('tells a key that was never used from one whose last use is not known', async () => {
    const keys = [aReportKey({ lastUsed: null }), aReportKey({ lastUsed: undefined })];
    const rows = (await render({ keys })).filter(({ about }) => about === 'key');
    expect(rows.map((row) => row['last_used_utc'])).toEqual(['never', '']);
  });

  test('begins with the mark by which Excel knows UTF-8, and ends lines as RFC 4180 has it', async () => {
    const text = await gather(renderCsv(aReport({ keys: [aReportKey({ name: '支払い' })] })));
    expect(text.startsWith('\ufeffabout,verdict,')).toBe(true);
    expect(text.match(/\r\n/g)).toHaveLength(3);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(text).toContain('支払い');
  });

  test('keeps a row for each key, whatever keys are called', async () => {
    const hostile = ['a"b', 'a,b', 'a\r\nb', '\u0000', '\u202egnp', '"', '","fail', "'", '\ud800'];
    const keys = hostile.map((name, at) =>
      aReportKey({ name, keyId: `k${at}${name}`, owner: name }),
    );
    const text = await gather(renderCsv(aReport({ keys })));
    expect(text).not.toMatch(/[^\P{Cc}\r\n]|\p{Cs}|\u202e/u);
    const rows = parse(text, { bom: true, columns: true }) as Record[];
    expect(rows.filter(({ about }) => about === 'key')).toHaveLength(hostile.length);
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['a"b', 'a,b', '","fail']));
  });

  test('takes no more of a text than a cell of Excel holds', async () => {
    const keys = [
      aReportKey({ name: '\u202e'.repeat(1_000_000), scopes: Array(10_000).fill('a:b') }),
    ];
    const row = (await render({ keys })).at(-1);
    expect(row?.['name']?.length).toBeLessThan(32_767);
    expect(row?.['scopes']).toMatch(/a:b…$|a…$|a:…$|\|…$/);
  });
});

describe('lists in CSV', () => {
  test('findings say how they stand and how they ended', async () => {
    const ended = aFinding({ status: 'resolved', resolution: 'fixed', resolvedAt: openedAt });
    const rows = await read(renderFindingsCsv(stream([aFinding(), ended])));
    expect(rows).toMatchObject([
      { status: 'open', severity: 'high', resolved_at_utc: '', resolution: '', waiver: '' },
      { status: 'resolved', resolved_at_utc: '2026-11-23 07:30:00', resolution: 'fixed' },
    ]);
    expect(rows[0]?.['remedy']).toMatch(/^Ask the owner\. If nobody needs the key/);
    const acknowledgement = { by: '=ann', at: openedAt, reason: 'planned' };
    const [known] = await read(renderFindingsCsv(stream([aFinding({ acknowledgement })])));
    expect(known).toMatchObject({
      ...{ acknowledged_by: "'=ann", acknowledged_at_utc: '2026-11-23 07:30:00' },
      acknowledged_reason: 'planned',
    });
  });

  test('keys begin with the columns of the inventory', async () => {
    const keys = [
      aListedKey({ approvedScopes: ['a', 'b'], tags: ['pci'] }),
      aListedKey({ approvedScopes: [], verdict: null, observedAt: null }),
      aListedKey({ approvedScopes: null }),
    ];
    const rows = await read(renderKeysCsv(stream(keys)));
    expect(
      Object.keys(rows[0] ?? {})
        .slice(0, 6)
        .join(),
    ).toBe('source,key_id,owner,environment,approved_scopes,tags');
    expect(rows.map((row) => row['approved_scopes'])).toEqual(['a|b', '[]', '']);
    expect(rows[1]).toMatchObject({ verdict: 'not audited yet', observed_at_utc: '' });
  });

  test('say their columns when there is nothing in them', async () => {
    expect(await gather(renderFindingsCsv(stream([])))).toMatch(/^\ufeffstatus,[^\r]*\r\n$/);
  });
});
