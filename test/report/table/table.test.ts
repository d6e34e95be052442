import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { remedies } from '../../../src/evaluate/remedies.ts';
import { displayWidth } from '../../../src/report/table/display-width.ts';
import { renderFindingsTable } from '../../../src/report/table/findings-table.ts';
import { renderKeysTable } from '../../../src/report/table/keys-table.ts';
import { renderTable } from '../../../src/report/table/table.ts';
import {
  aFinding,
  aListedKey,
  aReport,
  aSweep,
  aViolation,
  aWaiver,
  gather,
  openedAt,
  type ReportRows,
  stream,
} from '../world.ts';

function render(rows: ReportRows, columns = 80, color = false): Promise<string> {
  return gather(renderTable(aReport(rows), { color, columns }));
}

const hostile = [
  '\u001b[2J\u001b]0;title\u0007',
  'line\nbreak\rreturn\ttab',
  '\u202egnp.exe',
  '支払い サーバー 🔑👩‍💻',
  `z${'\u0301'.repeat(200)}`,
  'x'.repeat(5_000),
  `${'word '.repeat(1_000)}`,
];

describe('a report at a terminal', () => {
  test('opens with the coverage line, and says what coverage is of', async () => {
    const coverage = { tracked: 415, audited: 412, unknown: 3, partial: 0 };
    const [first, second] = (await render({ coverage })).split('\n');
    expect(first).toBe('412 of 415 audited, 3 unknown');
    expect(second).toBe('Coverage is of the inventory only: a key that nobody tracks is not seen.');
  });

  test('says on its first line what was audited only in part', async () => {
    const coverage = { tracked: 2, audited: 2, unknown: 0, partial: 1 };
    const [first] = (await render({ coverage })).split('\n');
    expect(first).toBe('2 of 2 audited, 0 unknown; 1 audited only in part');
  });

  test('counts the verdicts, and the keys judged in part', async () => {
    const text = await render({});
    expect(text).toContain('✓ 390 pass   ✗ 20 fail   ~ 2 waived   ? 3 unknown');
    expect(text).toContain('1 audited key has a rule that could not be judged');
    const coverage = { tracked: 1, audited: 1, unknown: 0, partial: 0 };
    expect(await render({ coverage })).not.toContain('could not be judged');
  });

  test('says what asked for the sweep', async () => {
    expect(await render({})).toContain('schedule nightly, due 2026-11-23 07:30:00Z');
    const caughtUp = await render({ sweep: aSweep({ trigger: 'catch-up' }) });
    expect(caughtUp).toContain('due 2026-11-23 07:30:00Z, caught up');
    const request = aSweep({ trigger: 'request', schedule: null, dueAt: null, closedAt: null });
    const asked = await render({ sweep: request });
    expect(asked).toContain('on request');
    expect(asked).toContain('not closed');
  });

  test('puts violations under their severity and source, with rule, key, name, owner', async () => {
    const violations = [
      aViolation({ severity: 'critical', rule: 'scopes', message: 'forbidden: a:write' }),
      aViolation({ severity: 'critical', keyId: 'key_2' }),
      aViolation({ severity: 'low', owner: null, keyName: undefined }),
    ];
    const text = await render({ violations }, 200);
    expect(text.match(/^critical {2}prod$/gm)).toHaveLength(1);
    expect(text).toMatch(/^low {2}prod\n {2}key_abc123 +– +– +stale-45 +not used for 61 days/m);
    expect(text).toMatch(/key_abc123 +Checkout +payments +scopes +forbidden: a:write$/m);
  });

  test('lists waived violations apart, with their waiver', async () => {
    const waived = aViolation({ status: 'waived', waiver: 'W-12', keyId: 'key_waived' });
    const text = await render({ violations: [aViolation(), waived] }, 200);
    const [open = '', apart = ''] = text.split('Waived violations');
    expect(open).not.toContain('key_waived');
    expect(apart).toMatch(/key_waived .* W-12 /);
    expect(apart).not.toContain('key_abc123');
  });

  test('says of a waived violation until when and why', async () => {
    const waived = aViolation({ status: 'waived', waiver: 'W-12', keyId: 'key_waived' });
    const text = await render({ violations: [waived], waivers: [aWaiver()] }, 200);
    expect(text).toMatch(/key_waived .* W-12 +2027-01-31 +not used for .*; waived: seasonal job$/m);
  });

  test('lists every waiver of the policy, and says which are over', async () => {
    const over = aWaiver({ id: 'W-old', expires: openedAt, approvedBy: ['bob', 'eve'] });
    const text = await render({ waivers: [aWaiver(), over] }, 200);
    const [, list = ''] = text.split('\nWaivers\n');
    expect(list).toMatch(/^ {2}W-12 +stale-45 +2027-01-31 +ann +bob +seasonal job$/m);
    expect(list).toMatch(
      /^ {2}W-old +stale-45 +2026-11-23 \(over\) +ann +bob, eve +seasonal job$/m,
    );
  });

  test('lists what is unknown with its reason; no rule means every rule', async () => {
    const unknowns = [
      {
        source: 'prod',
        keyId: 'k1',
        rule: null,
        reason: 'timeout' as const,
        fields: [],
        detail: '10 s',
      },
      {
        source: 'prod',
        keyId: 'k2',
        rule: 'old',
        reason: 'field-unreadable' as const,
        fields: ['createdOn'],
        detail: 'x',
      },
    ];
    const text = await render({ unknowns });
    expect(text).toMatch(/k1 +every rule +timeout +10 s/);
    expect(text).toMatch(/k2 +old +field-unreadable +x/);
  });

  test.each([0, 1, 5, 12])('comes to an end in %i columns', async (columns) => {
    const text = await render({ violations: [aViolation()] }, columns);
    expect(text.replaceAll(/\s/g, '')).toContain('412of415audited');
  });

  test('leaves out the lists that are empty', async () => {
    const text = await render({});
    expect(text).not.toMatch(/^(Violations|Waived violations|Unknown|Waivers)$/m);
  });

  test.each([40, 80, 120, 200])(
    'stays within %i columns, whatever keys are called',
    async (width) => {
      const violations = hostile.map((text) =>
        aViolation({ keyName: text, owner: text, keyId: `k${text}`, message: text, source: text }),
      );
      const unknowns = hostile.map((text) => ({
        ...{ source: 'prod', keyId: text, rule: null, reason: 'timeout' as const },
        ...{ fields: [], detail: text },
      }));
      const text = await render({ violations, unknowns, sweep: aSweep({ schedule: 'n' }) }, width);
      expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
      const beyond = text.split('\n').filter((line) => displayWidth(line) > width);
      expect(beyond).toEqual([]);
    },
  );

  test('shows a dash for a name that is empty', async () => {
    const text = await render({ violations: [aViolation({ keyName: '' })] }, 200);
    expect(text).toMatch(/key_abc123 +– +payments/);
  });

  test('keeps columns aligned beside wide names', async () => {
    const violations = [aViolation({ keyName: '支払い' }), aViolation({ keyName: 'plain' })];
    const rows = (await render({ violations }, 200))
      .split('\n')
      .filter((l) => l.includes('key_abc'));
    const [wide = '', plain = ''] = rows.map((row) => row.split('payments')[0] ?? '');
    expect(displayWidth(wide)).toBe(displayWidth(plain));
  });

  test('shows an id whole while a name can give way', async () => {
    const keyId = '3f0cbb1e-7b52-4c5a-9f6e-3a3d1c9e2b11';
    const violations = [aViolation({ keyId, keyName: 'a name that is very long indeed' })];
    expect(await render({ violations }, 80)).toContain(keyId);
  });

  test('colours only when asked, and says the same', async () => {
    const rows = { violations: [aViolation(), aViolation({ status: 'waived', waiver: 'W' })] };
    const plain = await render(rows);
    const coloured = await render(rows, 80, true);
    expect(plain).not.toContain('\u001b');
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  test('streams any number of rows (memory grows with the account: prowler #3187)', async () => {
    let asked = 0;
    async function* many() {
      for (; asked < 5_000; asked += 1)
        yield { ...aViolation({ keyId: `key_${asked}` }), key: undefined };
    }
    const report = { ...aReport(), violations: many };
    const pieces = renderTable(report, { color: false, columns: 200 })[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.next();
    expect(asked).toBeLessThan(300);
    await pieces.return?.();
  });
});

describe('findings at a terminal', () => {
  test('say how they stand, or how they ended', async () => {
    const findings = [
      aFinding(),
      aFinding({ status: 'resolved', resolution: 'policy-changed' }),
      aFinding({ status: 'waived', waiver: 'W-12' }),
    ];
    const text = await gather(
      renderFindingsTable(stream(findings), { color: false, columns: 200 }),
    );
    expect(text).toMatch(/^Findings\n/);
    expect(text).toMatch(/^ {2}open +key_abc123 .* 2026-11-23 /m);
    expect(text).toMatch(/^ {2}policy-changed +key_abc123/m);
    expect(text).toMatch(/^ {2}waived W-12 +key_abc123/m);
  });

  test('show whole days in a narrow terminal, whatever else is cut', async () => {
    const finding = aFinding({ keyName: 'A name of many words', owner: 'the-payments-team' });
    for (const columns of [60, 80]) {
      const text = await gather(renderFindingsTable(stream([finding]), { color: false, columns }));
      expect(text).toContain(' 2026-11-23');
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  test('say with `explain` what to do about each rule that is open, once', async () => {
    const findings = [
      ...[aFinding(), aFinding({ keyId: 'key_2' }), aFinding({ rule: 'own', type: 'unowned' })],
      aFinding({ rule: 'gone', type: 'missing', status: 'resolved', resolution: 'fixed' }),
      aFinding({ rule: 'old', type: 'too-old', status: 'waived', waiver: 'W-1' }),
    ];
    const options = { color: false, columns: 200 };
    const said = [
      'What to do',
      '  RULE      REMEDY',
      `  stale-45  ${remedies.stale}`,
      `  own       ${remedies.unowned}\n`,
    ].join('\n');
    const text = await gather(renderFindingsTable(stream(findings), { ...options, explain: true }));
    expect(text.endsWith(`\n${said}`)).toBe(true);
    const plain = await gather(renderFindingsTable(stream(findings), options));
    expect(plain).not.toContain('What to do');
    const violations = [aViolation(), aViolation({ rule: 'own', type: 'unowned' })];
    const report = renderTable(aReport({ violations }), { ...options, explain: true });
    expect(await gather(report)).toContain(`\n${said}`);
  });

  test('say who acknowledged an event and why, or how to', async () => {
    const acknowledgement = { by: 'ann', at: openedAt, reason: 'planned\u001b[2J restart' };
    const ended = { status: 'resolved', resolution: 'acknowledged', acknowledgement } as const;
    const byToken = {
      ...ended,
      acknowledgement: { ...acknowledgement, by: 'ops', asserted: 'ann' },
    };
    const findings = [{}, ended, byToken].map((it) => aFinding({ type: 'reawakened', ...it }));
    const text = await gather(
      renderFindingsTable(stream(findings), { color: false, columns: 300 }),
    );
    expect(text).toMatch(/^ {2}open .*; stays until acknowledged as f{12}$/m);
    expect(text).toMatch(
      /^ {2}acknowledged .*; acknowledged by ann on 2026-11-23: planned\\u\{1b\}\[2J restart$/m,
    );
    expect(text).toContain('; acknowledged by ops (who names ann) on 2026-11-23: planned');
  });

  test('say so when there are none', async () => {
    const none = renderFindingsTable(stream([]), { color: false, columns: 80 });
    expect(await gather(none)).toBe('No findings.\n');
  });
});

describe('keys at a terminal', () => {
  test('tell never used from not known', async () => {
    const keys = [
      aListedKey({ lastUsed: null, keyId: 'k1' }),
      aListedKey({ lastUsed: undefined, scopes: undefined, keyId: 'k2', verdict: null }),
    ];
    const text = await gather(renderKeysTable(stream(keys), { color: false, columns: 200 }));
    expect(text).toMatch(/pass +k1 .* never +customers:read/);
    expect(text).toMatch(/not audited yet +k2 .* 2026-01-02 +– +–/);
  });
});
