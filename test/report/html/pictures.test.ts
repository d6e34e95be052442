import { describe, expect, test } from 'vitest';
import { countReport } from '../../../src/report/html/count-report.ts';
import { renderHtml } from '../../../src/report/html/render-html.tsx';
import {
  anUnknown,
  aReport,
  aReportKey,
  aRule,
  aViolation,
  gather,
  openedAt,
  type ReportRows,
} from '../world.ts';

const coverage = { tracked: 10, audited: 8, unknown: 2, partial: 0 };
const count = (rows: ReportRows) => countReport(aReport({ coverage, ...rows }));
const dayMs = 86_400_000;
const usedBefore = (ms: number) => aReportKey({ lastUsed: new Date(openedAt.getTime() - ms) });

describe('the counts of a rule', () => {
  const old = aRule({ id: 'old', type: 'too-old' });

  test('are its keys that fail, are waived, are unknown, and the rest', async () => {
    const violations = [
      aViolation(),
      aViolation({ keyId: 'k2' }),
      aViolation({ keyId: 'k3', status: 'waived', waiver: 'W-1' }),
    ];
    const unknowns = [anUnknown({ rule: 'old', keyId: 'k4' })];
    const { rules, covered } = await count({ rules: [aRule(), old], violations, unknowns });
    expect(rules).toMatchObject([
      { fail: 2, waived: 1, unknown: 0, clear: 7 },
      { fail: 0, waived: 0, unknown: 1, clear: 9 },
    ]);
    expect(covered).toEqual(new Map([['W-1', 1]]));
  });

  test('take a key that could not be read for unknown to every rule but those that look for it', async () => {
    const rules = [old, aRule({ id: 'dark', type: 'unaudited' })];
    const violations = [aViolation({ rule: 'dark', keyId: 'key_down' })];
    const counts = await count({ rules, violations, unknowns: [anUnknown()] });
    expect(counts.rules).toMatchObject([
      { fail: 0, unknown: 1, clear: 9 },
      { fail: 1, unknown: 0, clear: 9 },
    ]);
  });
});

describe('the idle days', () => {
  test.each([
    [0, 0],
    [7 * dayMs - 1, 0],
    [7 * dayMs, 7],
    [45 * dayMs - 1, 30],
    [45 * dayMs, 45],
    [365 * dayMs - 1, 180],
    [365 * dayMs, 365],
    [3_000 * dayMs, 365],
    [-dayMs, 0],
  ])('of a key used %i ms before count from day %i', async (ms, from) => {
    const { idle } = await count({ keys: [usedBefore(ms)] });
    expect(idle.filter(({ keys }) => keys > 0)).toMatchObject([{ from, keys: 1 }]);
  });

  test('are apart from keys never used and those of which it is not known', async () => {
    const keys = [undefined, null, null].map((lastUsed) => aReportKey({ lastUsed }));
    const counts = await count({ keys });
    expect(counts).toMatchObject({ neverUsed: 2, notKnown: 1 });
    expect(counts.idle.every((bin) => bin.keys === 0)).toBe(true);
  });
});

describe('the pictures', () => {
  const draw = (rows: ReportRows) =>
    gather(renderHtml(aReport({ coverage, ...rows }), { severity: 'info' }));

  /** The widths of a rule's bar: fail, waived, unknown, the rest; none for 0. */
  const barOf = (html: string) =>
    [
      ...(/<td class="bar"[\s\S]*?<\/td>/.exec(html)?.[0] ?? '').matchAll(
        /width="([\d.]+)" height="13" (class|fill)="([^"]*)"/g,
      ),
    ].map(([, width, , fill]) => [fill, Number(width)]);

  test('draw the keys of a rule as parts of all tracked keys', async () => {
    const violations = [aViolation(), aViolation({ status: 'waived', waiver: 'W' })];
    expect(barOf(await draw({ violations }))).toEqual([
      ['fill-fail', 24],
      ['url(#fill-waived)', 24],
      ['fill-pass', 192],
    ]);
  });

  test('let one key among many be seen', async () => {
    const many = { ...coverage, tracked: 100_000 };
    expect(barOf(await draw({ coverage: many, violations: [aViolation()] }))[0]).toEqual([
      'fill-fail',
      3,
    ]);
  });

  test('never run over the edge, nor divide by no keys', async () => {
    const none = { tracked: 0, audited: 0, unknown: 0, partial: 0 };
    for (const tracked of [none, { ...none, tracked: 1 }]) {
      const html = await draw({
        coverage: tracked,
        violations: [aViolation(), aViolation({ status: 'waived', waiver: 'W' })],
        unknowns: [anUnknown()],
      });
      expect(html).not.toMatch(/NaN|Infinity|="-/);
      const widths = barOf(html).map(([, width]) => Number(width));
      expect(widths.reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(240);
    }
  });

  test('put the gravest rules first, of those the most broken', async () => {
    const rules = [
      aRule({ id: 'r-low', severity: 'low' }),
      aRule({ id: 'r-high' }),
      aRule({ id: 'r-high-broken' }),
      aRule({ id: 'r-critical', severity: 'critical' }),
    ];
    const html = await draw({ rules, violations: [aViolation({ rule: 'r-high-broken' })] });
    const order = [
      ...(html.split('<h2 id="idle"')[0] ?? '').matchAll(/<th scope="row">(r-[a-z-]+)/g),
    ].map(([, id]) => id);
    expect(order).toEqual(['r-critical', 'r-high-broken', 'r-high', 'r-low']);
  });

  test('are said in words as well', async () => {
    const html = await draw({ keys: [usedBefore(8 * dayMs), aReportKey({ lastUsed: null })] });
    expect(html).toContain('role="img" aria-label="Keys by idle days. 0–6 days: 0; 7–29 days: 1;');
    expect(html).toContain('365+ days: 0; never used: 1; not known: 0."');
  });
});
