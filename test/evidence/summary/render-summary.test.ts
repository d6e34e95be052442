import { describe, expect, test } from 'vitest';
import { nameObject } from '../../../src/evidence/manifest.ts';
import { renderSummaryHtml } from '../../../src/evidence/summary/html/render-summary-html.tsx';
import { renderSummaryCsv } from '../../../src/evidence/summary/render-summary-csv.ts';
import { stableText } from '../../../src/evidence/summary/stable-text.ts';
import { nightAt } from '../verify/scenes.ts';
import { aWaiver, changeOf, daysIn, Kept, policy, reviewOf } from './a-summary.ts';

const hostile = '=cmd|"/c calc"!A1 <script>alert(1)</script> \u202e\u{e0041}';

function hostileSummary() {
  const kept = new Kept();
  const more = { keyId: hostile, source: hostile, severity: hostile, controls: [hostile] };
  kept.night(0, [changeOf(0, 'opened', more)]);
  kept.night(1, [
    changeOf(1, 'resolved', { ...more, since: nightAt(0).getTime(), resolution: hostile }),
  ]);
  return kept.summary();
}

describe('the CSV', () => {
  test('has a row for the period and each control, each in the columns of its kind', () => {
    const kept = new Kept();
    kept.night(0, [changeOf(0, 'opened')]);
    const [head, ...rows] = renderSummaryCsv(kept.summary()).trim().split('\r\n');
    const names = head?.replace('\ufeff', '').split(',') ?? [];
    const read = rows.map((row) => {
      const cells = row.split(',');
      return Object.fromEntries(names.map((name, at) => [name, cells[at]]));
    });
    const about = read.map((row) => row['about']);
    expect(about.slice(0, 4)).toEqual(['period', 'control', 'control', 'control']);
    expect(read[1]).toMatchObject({ control: 'CC6.2', sweeps_due: '1', sweeps_checked: '1' });
    expect(read.filter((row) => row['about'] === 'finding')).toMatchObject([
      { control: 'CC6.2', key_id: 'key_1', rule: 'stale', state: 'open', leaf: '4' },
      { control: 'PCI 7.2.5.1', key_id: 'key_1', rule: 'stale', state: 'open', leaf: '4' },
    ]);
  });

  test('says of an approver whether they signed in, and no name can pretend it', () => {
    const kept = new Kept();
    const approvedBy = ['ann (signed in) (leaf 3)', 'x|bob (leaf 2)'];
    kept.home.tell({ ...aWaiver, approvedBy, expires: daysIn(30).toISOString() }, daysIn(0));
    const csv = renderSummaryCsv(kept.summary());
    expect(csv).toContain('ann (signed in) (leaf 3) (named in the policy)|x');
    expect(csv).toContain(String.raw`|x\u{7c}bob (leaf 2) (named in the policy)`);
  });

  test('has each sweep with its leaf', () => {
    const kept = new Kept();
    const leaf = kept.night(0);
    kept.home.sweep({ dueAt: nightAt(0.5), schedule: null, scope: 'partial', policy });
    const csv = renderSummaryCsv(kept.summary());
    expect(csv).toMatch(new RegExp(`^sweep,,.*,complete,.*,schedule nightly,,,${leaf},,\\r$`, 'm'));
    expect(csv).toMatch(new RegExp(`^partial sweep,,.*,request,,,${leaf + 1},,\\r$`, 'm'));
  });

  test('starts no cell with a formula, and shows no hidden character', () => {
    const csv = renderSummaryCsv(hostileSummary());
    expect(csv).not.toMatch(/(^|,|")=cmd/m);
    expect(csv).not.toMatch(/[\u202e\u{e0041}]/u);
  });
});

describe('the page', () => {
  test('escapes what keys and policies are called', () => {
    const page = renderSummaryHtml(hostileSummary());
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/[\u202e\u{e0041}]/u);
    expect(page).toContain('&lt;script&gt;');
  });

  test('links each line to the file of the pack that has its leaf', () => {
    const kept = new Kept();
    const leaf = kept.night(0, [changeOf(0, 'opened')]);
    const page = renderSummaryHtml(kept.summary());
    expect(page).toContain(`<a href="tile/entries/000.p/${leaf + 1}">leaf`);
  });

  test('lists 100 findings of a control, and says how many more there are', () => {
    const kept = new Kept();
    const events = Array.from({ length: 103 }, (_, at) =>
      changeOf(0, 'opened', { keyId: `key_${at}`, controls: ['CC6.2'] }),
    );
    kept.night(0, events);
    const page = renderSummaryHtml(kept.summary());
    expect(page.match(/<code><bdi>key_/g)).toHaveLength(100);
    expect(page).toContain('3 more are in');
    expect(renderSummaryCsv(kept.summary()).match(/key_\d+/g)).toHaveLength(103);
  });

  test('says on which day a waiver ended, whenever the log was told', () => {
    const kept = new Kept();
    const { hash } = aWaiver;
    // Until the end of 2026-01-02.
    kept.home.tell({ ...aWaiver, expires: daysIn(2).toISOString() }, daysIn(0));
    const ended = { event: 'waiver-ended', waiver: 'w1', hash, because: 'expired' } as const;
    kept.home.tell(ended, daysIn(7));
    expect(renderSummaryHtml(kept.summary())).toContain('2026-01-01 to 2026-01-02<');
    expect(renderSummaryCsv(kept.summary())).toContain('2026-01-03 00:00:00.000');
    const removed = new Kept();
    removed.home.tell({ ...aWaiver, expires: daysIn(8).toISOString() }, daysIn(0));
    removed.home.tell({ ...ended, because: 'removed' }, daysIn(3.5));
    expect(renderSummaryHtml(removed.summary())).toContain('2026-01-01 to 2026-01-04<');
  });

  test('says that what some sweeps changed of findings is not known any more', () => {
    const kept = new Kept();
    const leaf = kept.night(0, [changeOf(0, 'opened')]);
    expect(renderSummaryHtml(kept.summary())).not.toContain('findings are not known');
    kept.changes.delete(leaf);
    const page = renderSummaryHtml(kept.summary());
    expect(page).toContain('Sweeps whose findings are not known');
    expect(page).toContain('what 1 sweep changed of findings');
  });

  test('isolates a control in the heading of its findings, so that it wraps and turns nothing', () => {
    const kept = new Kept();
    const control = `שלום ${'x'.repeat(200)}`;
    kept.night(0, [changeOf(0, 'opened', { controls: [control] })]);
    expect(renderSummaryHtml(kept.summary())).toMatch(/Findings: <bdi>שלום x{200}<\/bdi>\s*<\/h2>/);
  });

  test('says of a control that the newest sweep did not check it', () => {
    const kept = new Kept();
    kept.night(0);
    expect(renderSummaryHtml(kept.summary())).not.toContain('not by the newest one');
    kept.home.sweep({ dueAt: nightAt(1) });
    expect(renderSummaryHtml(kept.summary())).toContain('<small>not by the newest one</small>');
  });

  test('counts no sweep as held that was closed too late', () => {
    const kept = new Kept();
    kept.night(0);
    expect(renderSummaryHtml(kept.summary())).not.toContain('<strong>late');
    const leaf = kept.home.sweep({ dueAt: nightAt(1), closedAt: nightAt(1.9), policy });
    const page = renderSummaryHtml(kept.summary());
    expect(page).toContain('1 of 2 due sweeps was held');
    expect(page).toContain('<b>1</b><span><strong>late</strong>: closed after the deadline');
    expect(page).toContain('its sweep was closed over an hour after the deadline');
    expect(renderSummaryCsv(kept.summary())).toMatch(
      new RegExp(`^not held,,nightly,.*,late,.*,${leaf},${leaf},\\r$`, 'm'),
    );
  });

  test('claims nothing of sweeps where there was none', () => {
    const page = renderSummaryHtml(new Kept().summary());
    expect(page).toContain('No sweep is known to have been due');
    expect(page).not.toContain('judged each of its keys');
  });

  test('counts decisions of an open campaign, and answers only when it is over', () => {
    const kept = new Kept();
    const { opened, decided, closed } = reviewOf(3);
    kept.home.tell(opened, daysIn(0));
    // Somebody changed each answer.
    kept.home.tell(decided, daysIn(1));
    kept.home.tell(decided, daysIn(2));
    const open = '6 decisions so far, changed answers included; answers due 2026-01-10';
    expect(renderSummaryHtml(kept.summary())).toContain(open);
    expect(renderSummaryCsv(kept.summary())).toContain(open);
    kept.home.tell(closed({ keep: 1, unanswered: 2 }), daysIn(3));
    expect(renderSummaryHtml(kept.summary())).toContain('<td>1 keep, 2 unanswered</td>');
  });

  test('says of a campaign without keys that none matched', () => {
    const kept = new Kept();
    const { opened, closed } = reviewOf(0);
    kept.home.tell(opened, daysIn(0));
    kept.home.tell(closed({}), daysIn(3));
    expect(renderSummaryHtml(kept.summary())).toContain('<td>no key matched</td>');
  });

  test('says how a finding opened that no sweep of the period opened', () => {
    const kept = new Kept();
    const since = nightAt(1).getTime() - 3_600_000;
    const of = { rule: 'review-revoke', controls: [], since };
    kept.night(1, [changeOf(1, 'resolved', of)]);
    expect(renderSummaryHtml(kept.summary())).toContain('<small>by a review</small>');
    const old = new Kept();
    old.night(1, [changeOf(1, 'resolved', { since: daysIn(-9).getTime() })]);
    expect(renderSummaryHtml(old.summary())).toContain('<small>before the period</small>');
    const gone = new Kept();
    const first = gone.night(0, [changeOf(0, 'opened')]);
    gone.night(1, [changeOf(1, 'resolved', { since: nightAt(0).getTime() })]);
    gone.changes.delete(first);
    const words = '<small>by a sweep whose evidence is gone</small>';
    expect(renderSummaryHtml(gone.summary())).toContain(words);
  });

  test('does not let a sweep on request stand for one that was missed', () => {
    const kept = new Kept();
    kept.night(0);
    kept.home.sweep({ dueAt: nightAt(1.5), schedule: null, policy });
    kept.night(2);
    const page = renderSummaryHtml(kept.summary());
    expect(page).toMatch(/<td>3<small>2 of 3 due held<\/small>/);
  });

  test('names the last day of the period, and leads from each control to its findings', () => {
    const kept = new Kept();
    kept.night(0, [changeOf(0, 'opened')]);
    const page = renderSummaryHtml(kept.summary());
    expect(page).toContain('2026-01-01 to 2026-01-10, in UTC');
    expect(page).toContain('<title>Evidence of key audits, 2026-01-01 to 2026-01-10</title>');
    expect(page).toContain('<a href="#control-0"><bdi>CC6.2</bdi></a>');
  });

  test('has the proof of each sweep that was held, but for those after 100', () => {
    const kept = new Kept();
    const leaves = [0, 1, 2].map((night) => kept.night(night));
    const links = (page: string) => page.split('id="sweeps"')[1]?.match(/leaf\s\d+/g);
    const newest = leaves.toReversed().map((leaf) => `leaf\u00a0${leaf}`);
    expect(links(renderSummaryHtml(kept.summary()))).toEqual(newest);
    for (let times = 0; times < 99; times += 1) {
      kept.home.sweep({ dueAt: nightAt(2.5), schedule: null, policy });
    }
    const page = renderSummaryHtml(kept.summary());
    expect(links(page)).toHaveLength(100);
    expect(page).toContain('2 more are in');
  });

  test('lists 100 waivers, the newest, and says how many more there are', () => {
    const kept = new Kept();
    for (let n = 0; n < 103; n += 1) {
      const named = { waiver: `w${n}`, hash: nameObject(`w${n}`) };
      kept.home.tell({ ...aWaiver, ...named, expires: daysIn(9).toISOString() }, daysIn(0));
    }
    kept.night(0);
    const page = renderSummaryHtml(kept.summary());
    expect(page.match(/<bdi>w\d+/g)).toHaveLength(100);
    expect(page).toContain('<bdi>w102</bdi>');
    expect(page).toContain('3 more are in');
    expect(renderSummaryCsv(kept.summary()).match(/,w\d+,/g)).toHaveLength(206);
  });

  test('is the same bytes for the same evidence', () => {
    expect(renderSummaryHtml(hostileSummary())).toBe(renderSummaryHtml(hostileSummary()));
  });
});

test.each([
  ['a\0b\u0085c', String.raw`a\u{0}b\u{85}c`],
  ['\u200b\u2067\ufeff', String.raw`\u{200b}\u{2067}\u{feff}`],
  ['\ud800', String.raw`\u{d800}`],
  ['Ünïcode 鍵 🔑', 'Ünïcode 鍵 🔑'],
  ['x'.repeat(1_001), `${'x'.repeat(1_000)}…`],
])('%j is shown as %j', (text, shown) => {
  expect(stableText(text)).toBe(shown);
});
