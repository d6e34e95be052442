import { expect, test } from 'vitest';
import { incidentKey } from '../../src/alert/incident-key.ts';
import type { FindingsChanged, Message } from '../../src/alert/message.ts';
import { pagerduty } from '../../src/alert/render/pagerduty.ts';
import { aCoverage, aFinding, aMissed, aSweep } from './a-finding.ts';

function changed(difference: Partial<FindingsChanged>): Message {
  const none = { opened: [], reopened: [], resolved: [], lapsed: [], waived: [], reminders: [] };
  const counts = { sweep: aSweep, coverage: aCoverage, part: 1, parts: 1 };
  return { type: 'findings.changed', data: { ...counts, ...none, ...difference } };
}
const one = aFinding({ fingerprint: 'print-1' });
const other = aFinding({ fingerprint: 'print-2' });
const test1: Message = { type: 'test', data: { channel: 'oncall' } };
const long: Message = { type: 'test', data: { channel: 'x'.repeat(300) } };

test('a message is about its only finding, whatever happened to it', () => {
  expect(incidentKey(changed({ opened: [one] }))).toBe('print-1');
  expect(incidentKey(changed({ opened: [one], resolved: [one] }))).toBe('print-1');
});

test('a message about several findings, or none, has no incident', () => {
  expect(incidentKey(changed({ opened: [one, other] }))).toBeNull();
  expect(incidentKey(changed({ opened: [one], resolved: [other] }))).toBeNull();
  expect(incidentKey(changed({}))).toBeNull();
});

test.each<Message>([
  changed({ opened: [one] }),
  changed({ resolved: [one] }),
  { type: 'sweep.missed', data: aMissed },
  test1,
  long,
])('is what an incident channel is sent as the key: %j', (message) => {
  const sent = JSON.parse(pagerduty.render(message, new Date(0)).body);
  expect(sent.dedup_key).toBe(incidentKey(message));
});
