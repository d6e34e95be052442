import { expect, test } from 'vitest';
import { renderAuditLog } from '../../../src/http/pages/audit-log/audit-log-page.tsx';
import { listActive } from '../../../src/http/pages/lists/filter-state.ts';
import { recordedChanges } from '../../../src/operations/recorded-changes.ts';
import type { AuditRecord } from '../../../src/report/audit-model.ts';
import { expectHarmless, hostileFrame, hostileText } from './hostile.ts';

const at = new Date('2026-11-29T09:00:00Z');
const aRecord: AuditRecord = {
  ...{ id: '1', at, who: 'ops', role: 'operator', asserted: 'ann', what: 'sweep', input: {} },
  ...{ known: 'oidc', subject: 's-1', mail: 'ops@x.example' },
  ...{ origin: '192.0.2.7', outcome: 'done', reason: null, endedAt: at, request: null, times: 1 },
};
const render = (records: readonly AuditRecord[], filter: Record<string, string> = {}) => {
  const query = new URLSearchParams(filter);
  const place = { first: undefined, next: undefined, wrong: undefined };
  const active = listActive('/audit-log', query);
  const list = { items: records, query, active, ...place };
  return renderAuditLog(hostileFrame, list, recordedChanges);
};

test('hostile text in any field of a record stays text', () => {
  const texts = {
    who: hostileText,
    role: hostileText,
    mail: `${hostileText}?`,
    asserted: `${hostileText}!`,
  };
  const more = { what: hostileText, origin: hostileText, reason: hostileText };
  const record = { ...aRecord, ...texts, ...more, input: { [hostileText]: [hostileText] } };
  expectHarmless(render([record], { who: hostileText, what: hostileText, origin: hostileText }));
});

test('a record says who asked, which name the request gave itself, and how often', () => {
  const denied = { who: null, role: null, asserted: null, known: null, mail: null };
  const html = render([aRecord, { ...aRecord, ...denied, times: 980 }]);
  expect(html).toContain(
    '<bdi>ops</bdi><small><bdi>operator, signed in, ops@x.example, asserted ann</bdi></small>',
  );
  expect(html).toContain('not known<small><bdi></bdi></small>');
  expect(html).toContain(' 980 times');
  expect(html).toContain('<a href="/audit-log" aria-current="page">');
});

test('an empty list says whether anything was left out', () => {
  expect(render([])).toContain('Nobody has asked for a change yet.');
  expect(render([], { who: 'bob' })).toContain('No change matches.');
});

test('a change is named in words, and the filter offers every change there is', () => {
  const html = render([{ ...aRecord, what: 'stopSweep' }]);
  expect(html).toContain('<bdi>stop sweep</bdi>');
  expect(html).toContain('<option value="stopSweep">stop sweep</option>');
  expect(html).toContain('<option value="sign-in">sign-in</option>');
  expect(html).not.toContain('<option value="findings">');
});
