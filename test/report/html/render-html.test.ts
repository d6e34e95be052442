import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../../src/report/html/render-html.tsx';
import { pieceSize } from '../../../src/report/in-pieces.ts';
import {
  anUnknown,
  aReport,
  aReportKey,
  aRule,
  aViolation,
  aWaiver,
  gather,
  type ReportRows,
} from '../world.ts';

function render(rows: ReportRows, severity: 'info' | 'high' = 'info'): Promise<string> {
  return gather(renderHtml(aReport(rows), { severity }));
}

/** What a reader sees, without the marks. */
function textOf(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

function sectionOf(html: string, id: string): string {
  const [, section = ''] = html.split(`<section aria-labelledby="${id}">`);
  return textOf(section.split('</section>')[0] ?? '');
}

const waived = aViolation({ status: 'waived', waiver: 'W-12', keyId: 'key_waived' });

describe('a report as a page', () => {
  test('opens with the coverage line, and says what coverage is of', async () => {
    const html = await render({});
    const [before = ''] = html.split(
      '<h1>412 of 415 audited, 3 unknown; 1 audited only in part</h1>',
    );
    expect(textOf(before.split('<body>')[1] ?? '').trim()).toBe('Audit of API keys');
    expect(textOf(html)).toContain('Coverage is of the inventory only');
  });

  test('says which sweep it is of and what it was judged by', async () => {
    const text = textOf(await render({}));
    expect(text).toContain('019ab0de-7c1f-7d3e-9a55-0b1c2d3e4f50');
    expect(text).toContain('schedule nightly , due 2026-11-23 07:30:00Z');
    expect(text).toContain('Opened 2026-11-23 07:30:00Z');
    expect(text).toContain(`version 2026-11 , sha256:${'1f0c2ab94d3e'.repeat(5)}1f0c`);
  });

  test('runs nothing and fetches nothing', async () => {
    const rows = {
      violations: [aViolation(), waived],
      unknowns: [anUnknown()],
      waivers: [aWaiver()],
    };
    const html = await render({ ...rows, keys: [aReportKey()] });
    expect(html).not.toMatch(
      /<script|<link|<img|<iframe|<object|<base|\son\w+=|\sstyle=|javascript:/i,
    );
    expect(html).not.toMatch(/\s(src|href)="(?!#)/);
    expect(html).not.toMatch(/https?:|@import|url\((?!#)/);
  });

  test('lets a browser obey its own style only', async () => {
    const html = await render({});
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    expect(policy?.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  test('shows violations by severity with owner, words, controls and since when', async () => {
    const violations = [
      aViolation({ severity: 'critical', owner: null, keyName: undefined, keyId: 'key_bare' }),
      aViolation(),
    ];
    const shown = sectionOf(await render({ violations: [...violations, waived] }), 'violations');
    expect(shown).toMatch(/critical .* key_bare in prod – stale-45 .* high .* Checkout/);
    expect(shown).toMatch(
      /Checkout key_abc123 in prod payments stale-45 CIS AWS 4.0 1.12 not used for 61 days; the limit is 45 days 2026-11-23/,
    );
    expect(shown).not.toContain('key_waived');
  });

  test('shows what is waived with the waiver, its reason, who agreed and until when', async () => {
    const html = await render({
      violations: [aViolation(), waived],
      waivers: [aWaiver({ approvedBy: ['bob', 'eve'] })],
    });
    const shown = sectionOf(html, 'waived');
    expect(shown).toMatch(
      /key_waived .* W-12 seasonal job asked for by ann , approved by bob , eve until 2027-01-31/,
    );
    expect(shown).not.toContain('key_abc123');
  });

  test('lists every waiver, those too that cover nothing or are over', async () => {
    const over = aWaiver({ id: 'W-old', expires: new Date('2026-11-23T07:30:00.123Z') });
    const last = aWaiver({ id: 'W-last', expires: new Date('2026-11-23T07:30:00.124Z') });
    const html = await render({ violations: [waived], waivers: [aWaiver(), over, last] });
    const shown = sectionOf(html, 'waivers');
    expect(shown).toMatch(/W-12 stale-45 .* 2027-01-31 1 W-old/);
    expect(shown).toMatch(/W-old stale-45 .* 2026-11-23 over nothing W-last/);
    expect(shown).toMatch(/W-last stale-45 .* 2026-11-23 nothing $/);
  });

  test('says why keys and rules are unknown', async () => {
    const unknowns = [
      anUnknown(),
      anUnknown({ keyId: 'k2', rule: 'old', reason: 'field-unreadable' }),
    ];
    const shown = sectionOf(await render({ unknowns }), 'unknown');
    expect(shown).toContain('key_down in prod every rule timeout no whole answer in 10 s');
    expect(shown).toContain('k2 in prod old field-unreadable');
  });

  test('says so where a list is empty', async () => {
    const text = textOf(await render({}));
    for (const words of [
      'No rule is broken',
      'No violation is waived',
      'Everything could be judged',
    ])
      expect(text).toContain(words);
  });

  test('says which rules it leaves out', async () => {
    expect(textOf(await render({}, 'high'))).toContain('Only rules of severity high or above');
    expect(textOf(await render({}))).not.toContain('Only rules of severity');
  });

  test('is free of what a stranger would put into it', async () => {
    const hostile = [
      ...[
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        '</style><marquee>',
        '&amp;&lt;',
      ],
      ...['\u202egnp.exe', 'a\u0000b\u001b[2J', 'x'.repeat(1_000_000), 'javascript:alert(1)'],
    ];
    const rows = hostile.map((text) => ({
      keyName: text,
      owner: text,
      keyId: text,
      message: text,
    }));
    const html = await render({
      keys: hostile.map((text) => aReportKey({ name: text, keyId: text })),
      rules: [aRule({ controls: hostile })],
      violations: rows.flatMap((row) => [
        aViolation({ ...row, source: row.keyId, controls: [row.keyId] }),
        aViolation({ ...row, status: 'waived', waiver: 'W-12' }),
      ]),
      unknowns: hostile.map((text) => anUnknown({ keyId: text, detail: text, source: text })),
      waivers: hostile.map((text) =>
        aWaiver({ reason: text, requestedBy: text, approvedBy: [text] }),
      ),
    });
    expect(html).not.toMatch(/<script|<img|<marquee|[^\P{Cc}\n]|\u202e/u);
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html.length).toBeLessThan(200_000);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('streams any number of rows in small pieces, and cuts long tables', async () => {
    const violations = Array.from({ length: 2_000 }, (_, at) => aViolation({ keyId: `key_${at}` }));
    const pieces: string[] = [];
    for await (const piece of renderHtml(aReport({ violations }), { severity: 'info' })) {
      pieces.push(piece);
    }
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(1.3 * pieceSize);
    const html = pieces.join('');
    expect(html.match(/<tr><th scope="row"><bdi>/g)).toHaveLength(2_000);
    expect(html.match(/aria-label="Violations, high, from row \d+"/g)).toHaveLength(8);
    expect(html.match(/<table/g)?.length).toBe(html.match(/<\/table>/g)?.length);
    expect(html.match(/<h3/g)).toHaveLength(1);
  });

  test('gives no two parts of it one id', async () => {
    const ids = [...(await render({})).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has a heading for every table column, and a heading for every row', async () => {
    const rows = {
      violations: [aViolation(), waived],
      unknowns: [anUnknown()],
      waivers: [aWaiver()],
    };
    const html = await render(rows);
    expect(html).toMatch(
      /<h2 id="remedies">What to do<\/h2>[\s\S]*Ask the owner\. If nobody needs/,
    );
    const bodies = html.match(/<tr>(?!<th scope="(row|col)")/g);
    expect(bodies).toBeNull();
    expect(html).toMatch(
      /<header>[\s\S]*<nav aria-label[\s\S]*<main>[\s\S]*<\/main>[\s\S]*<footer>/,
    );
  });
});
