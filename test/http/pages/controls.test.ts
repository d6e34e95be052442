import { expect, test } from 'vitest';
import { nameObject } from '../../../src/evidence/manifest.ts';
import {
  type ControlsModel,
  renderControls,
} from '../../../src/http/pages/controls/controls-page.tsx';
import type { Frame } from '../../../src/http/pages/layout/page.tsx';
import { aWaiver, changeOf, daysIn, Kept } from '../../evidence/summary/a-summary.ts';
import { nightAt } from '../../evidence/verify/scenes.ts';
import { expectHarmless, hostileFrame, hostileText } from './hostile.ts';

const render = (kept: Kept, more: Partial<ControlsModel> = {}, frame: Frame = hostileFrame) =>
  renderControls(frame, {
    ...{ query: new URLSearchParams(), from: '2026-01-01', to: '2026-01-10' },
    ...{ control: undefined, summary: kept.summary(), wrong: undefined, ...more },
  });

test('hostile text in any field of the evidence stays text', () => {
  const kept = new Kept();
  const of = {
    ...{ keyId: hostileText, source: hostileText, severity: hostileText },
    ...{ rule: hostileText, controls: [hostileText] },
  };
  kept.night(0, [changeOf(0, 'opened', of)]);
  kept.night(1, [
    changeOf(1, 'resolved', { ...of, since: nightAt(0).getTime(), resolution: hostileText }),
  ]);
  const query = new URLSearchParams({ control: hostileText });
  expectHarmless(render(kept, { control: hostileText, query }));
  const wrong = { summary: undefined, wrong: hostileText, from: hostileText };
  expectHarmless(render(kept, { ...wrong, query }));
});

test('a control has its sweeps and findings, and the chosen one lists them', () => {
  const kept = new Kept();
  kept.night(
    0,
    [changeOf(0, 'opened')],
    [{ rule: 'stale', open: 3, waived: 2, since: nightAt(0).getTime() }],
  );
  const page = render(kept, { control: 'PCI 7.2.5.1' });
  expect(page).toContain('Findings of <bdi>PCI 7.2.5.1</bdi>');
  expect(page).toContain('<a href="/keys/main/key_1">');
  expect(page).toContain('leaf 4');
  expect(render(kept)).not.toContain('Findings of');
});

test('lists the newest 100 waivers', () => {
  const kept = new Kept();
  for (let n = 0; n < 102; n += 1) {
    const named = { waiver: `w${n}`, hash: nameObject(`w${n}`) };
    kept.home.tell({ ...aWaiver, ...named, expires: daysIn(9).toISOString() }, daysIn(0));
  }
  const page = render(kept);
  expect(page.match(/<bdi>w\d+/g)).toHaveLength(100);
  expect(page).toContain('The newest 100 of 102; the pack has all.');
});

test('says that controls are missing where the rules of a policy cannot be read', () => {
  const kept = new Kept();
  kept.night(0);
  expect(render(kept)).not.toContain('could not be');
  const leaf = kept.home.sweep({ dueAt: nightAt(1) });
  const page = render(kept).replaceAll(/\s+/g, ' ');
  expect(page).toContain('The rules of 1 policy of this time could not be read');
  expect(page).toContain(`Their first sweeps: leaf ${leaf}.`);
});

test('says how findings of reviews are counted, where there are any', () => {
  const kept = new Kept();
  kept.night(0);
  expect(render(kept)).not.toContain('that a review opened');
  kept.night(1, [], [{ rule: 'review-revoke', open: 1, waived: 0, since: nightAt(0).getTime() }]);
  expect(render(kept)).toContain('that a review opened');
});

test('says that the findings of some sweeps are not known any more', () => {
  const kept = new Kept();
  const leaf = kept.night(0, [changeOf(0, 'opened')]);
  expect(render(kept)).not.toContain('neither counted nor listed');
  kept.changes.delete(leaf);
  expect(render(kept)).toContain('neither counted nor listed');
});

test('counts no sweep as held that was closed too late', () => {
  const kept = new Kept();
  kept.night(0);
  expect(render(kept)).not.toContain('closed after the deadline');
  kept.home.sweep({ dueAt: nightAt(1), closedAt: nightAt(1.9) });
  expect(render(kept)).toContain('closed after the deadline');
});

test('the pack is offered to whoever may download evidence', () => {
  const as = (role: 'viewer' | 'auditor' | 'operator'): Frame => ({
    ...hostileFrame,
    caller: { name: 'ann', role },
  });
  const link = 'href="/api/v1/evidence/pack?from=2026-01-01&amp;to=2026-01-10"';
  expect(render(new Kept(), {}, as('auditor'))).toContain(link);
  expect(render(new Kept(), {}, as('operator'))).toContain(link);
  expect(render(new Kept(), {}, as('viewer'))).not.toContain('evidence/pack');
});
