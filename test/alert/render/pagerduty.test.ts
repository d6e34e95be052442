import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertFinding, FindingsChanged, Message } from '../../../src/alert/message.ts';
import { trimFinding } from '../../../src/alert/plan/trim-finding.ts';
import { pagerduty } from '../../../src/alert/render/pagerduty.ts';
import { aCoverage, aFinding, aMissed, aSweep } from '../a-finding.ts';

const at = new Date('2026-11-23T02:31:00Z');
const render = (message: Message) => JSON.parse(pagerduty.render(message, at).body);

function changed(difference: Partial<FindingsChanged>): Message {
  const none = { opened: [], reopened: [], resolved: [], lapsed: [], waived: [], reminders: [] };
  const counts = { sweep: aSweep, coverage: aCoverage, part: 1, parts: 1 };
  return { type: 'findings.changed', data: { ...counts, ...none, ...difference } };
}
const opened = (difference: Partial<AlertFinding> = {}) =>
  changed({ opened: [aFinding(difference)] });

const notices = {
  incomplete: (unknown: number, audited = 412): Message => ({
    type: 'sweep.incomplete',
    data: {
      sweep: aSweep,
      coverage: { ...aCoverage, unknown, audited },
      unknowns: [],
      omitted: 0,
    },
  }),
  missed: (difference: Partial<typeof aMissed> = {}): Message => ({
    type: 'sweep.missed',
    data: { ...aMissed, ...difference },
  }),
  anomaly: (id: string): Message => ({
    type: 'sweep.anomaly',
    data: {
      sweep: { ...aSweep, id },
      coverage: aCoverage,
      compared: 400,
      changed: 200,
      turned: { pass: 0, fail: 200, waived: 0, unknown: 0, missing: 0, left: 0 },
      cause: 'field-missing',
      detail: 'lastUsed is missing',
      held: 200,
      release: `keysweep alerts release ${id}`,
    },
  }),
  recovered: (anomaly: string): Message => ({
    type: 'sweep.recovered',
    data: {
      sweep: { ...aSweep, id: 'sweep-9' },
      coverage: aCoverage,
      anomaly,
      how: 'withdrawn',
      withdrawn: 200,
    },
  }),
  failed: (channel: string, id = 'alert-1'): Message => ({
    type: 'channel.failed',
    data: { channel, alert: { id, type: 'test' }, attempts: 1, detail: 'answered 404' },
  }),
  test: (channel: string): Message => ({ type: 'test', data: { channel } }),
};

describe('a finding', () => {
  test('opens an incident with the key, the problem and the rule', () => {
    const { link: _, ...known } = aFinding();
    expect(render(opened())).toEqual({
      event_action: 'trigger',
      dedup_key: 'f-1',
      client: 'keysweep',
      payload: {
        summary:
          'flexcharge-prod/key_1 (checkout): not used for 61 days; the limit is 45 days [stale-45]',
        source: 'flexcharge-prod',
        severity: 'error',
        timestamp: '2026-11-23T02:31:00.000Z',
        component: 'flexcharge-prod',
        group: 'production',
        class: 'stale',
        custom_details: { change: 'opened', ...known, sweep: aSweep },
      },
    });
  });

  test.each([
    ['reopened', 'Reopened: flexcharge-prod/key_1'],
    ['lapsed', 'No longer waived: flexcharge-prod/key_1'],
    ['reminders', 'Still open: flexcharge-prod/key_1'],
  ])('%s triggers the same incident and says so', (change, start) => {
    const event = render(changed({ [change]: [aFinding()] }));
    expect(event).toMatchObject({ event_action: 'trigger', dedup_key: 'f-1' });
    expect(event.payload.summary.startsWith(start)).toBe(true);
  });

  test('an acknowledged one ends the incident and says who, when and why', () => {
    const acknowledgement = {
      ...({ by: 'ann', known: 'oidc', subject: 's-1', mail: 'ann@x.example' } as const),
      ...{ at: '2026-11-23T08:00:00.000Z', reason: 'planned' },
    };
    const ended = aFinding({ status: 'resolved', resolution: 'acknowledged', acknowledgement });
    expect(render(changed({ resolved: [ended] }))).toEqual({
      ...{ event_action: 'resolve', dedup_key: 'f-1' },
      payload: {
        summary: 'acknowledged by ann (signed in, ann@x[.]example) on 2026-11-23: planned',
        ...{ source: 'flexcharge-prod', severity: 'info', custom_details: { acknowledgement } },
      },
    });
  });

  test('links to the page of its key, if there is one', () => {
    const link = 'https://keysweep.example/keys/flexcharge-prod/key_1';
    const event = render(opened({ link }));
    expect(event.links).toEqual([{ href: link, text: 'The key in keysweep' }]);
    expect(event.payload.custom_details).toMatchObject({
      remedy: 'Ask the owner.',
      command: 'keysweep audit key_1 --source flexcharge-prod',
      firstSeen: '2026-11-01T02:30:00.000Z',
      lastUsed: '2026-09-23T10:00:00.000Z',
      scopes: ['charges:write'],
    });
  });

  test('waived ends the incident and names the waiver', () => {
    const waived = [aFinding({ status: 'waived', waiver: 'W-12' })];
    const event = render(changed({ waived }));
    expect(event).toMatchObject({ event_action: 'resolve', dedup_key: 'f-1' });
    expect(event.payload.summary).toBe('waived by W-12');
  });

  test('resolved ends the incident with an event that has no other fields', () => {
    const event = render(changed({ resolved: [aFinding({ status: 'resolved' })] }));
    expect(event).toEqual({ event_action: 'resolve', dedup_key: 'f-1' });
  });

  test.each([
    ['critical', 'critical'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'info'],
    ['info', 'info'],
  ] as const)('of severity %s has the incident severity %s', (severity, said) => {
    expect(render(opened({ severity })).payload.severity).toBe(said);
  });

  test('leaves out unknown details of the key', () => {
    const { summary, ...payload } = render(opened({ keyName: null, environment: null })).payload;
    expect(summary).toMatch(/^flexcharge-prod\/key_1: not used/);
    expect(payload).not.toHaveProperty('group');
  });

  test('fits alone, but not with another', () => {
    expect(pagerduty.mostFindings).toBe(1);
    expect(pagerduty.render(opened(), at).fits).toBe(true);
    const two = changed({ opened: [aFinding()], resolved: [aFinding({ fingerprint: 'f-2' })] });
    expect(pagerduty.render(two, at).fits).toBe(false);
  });
});

describe('hostile texts', () => {
  test('make no link, mention or second line, on a screen or on a phone', () => {
    const keyName = 'x\nhttps://evil.example/a www.evil.example <!channel> <@U1> @here \u202egnp';
    const { body } = pagerduty.render(opened({ keyName, message: keyName, keyId: keyName }), at);
    expect(body).not.toMatch(/:\/\/|www\.|[<>]|@here|\\n|\u202e/u);
    const { summary } = JSON.parse(body).payload;
    expect(summary).toContain('https[:]//evil[.]example');
    expect(summary).not.toMatch(/evil\./);
  });

  test('with dots stay readable in the title, and can be copied from the details', () => {
    const { summary, custom_details } = render(opened({ keyId: 'v1.2-pay.eu' })).payload;
    expect(summary).toContain('/v1.2-pay[.]eu (');
    expect(custom_details.keyId).toBe('v1.2-pay.eu');
  });

  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.constantFrom('\u0000', '中', '😀', '\ud800', '\\', '"').map((sign) => sign.repeat(20_000)),
  );
  const facts = fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 200 })), {
    maxKeys: 60,
  });
  const finding = fc
    .record({ keyId: text, keyName: text, message: text, rule: text, source: text, owner: text })
    .chain((said) => facts.map((found) => aFinding({ ...said, facts: found })));

  test('of any length fit into an event that PagerDuty accepts', () => {
    fc.assert(
      fc.property(finding, fc.boolean(), (hostile, trimmed) => {
        const of = trimmed ? trimFinding(hostile) : hostile;
        const { body, fits } = pagerduty.render(changed({ opened: [of] }), at);
        expect(fits).toBe(true);
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(500_000);
        const { dedup_key: key, payload } = JSON.parse(body);
        expect(key).toBe('f-1');
        expect(payload.summary.length).toBeLessThanOrEqual(1_024);
        expect(payload.source.length).toBeLessThanOrEqual(255);
        // With the flag `u` this finds halves of pairs only.
        expect(body).not.toMatch(/\p{Cs}|(?<!\\)\\ud[89a-f]/u);
      }),
      { numRuns: 60 },
    );
  });

  test('in 60 lists of 200 texts fit', () => {
    const list = Array<string>(200).fill('中'.repeat(600));
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`fact-${n}`, list]));
    const { body } = pagerduty.render(opened({ facts: many }), at);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(500_000);
    expect(JSON.parse(body).payload.custom_details.facts['fact-0'][0]).toMatch(/^中{19,20}…$/);
  });

  test('are not cut if they fit', () => {
    const message = 'm'.repeat(500);
    const { payload } = render(opened({ message }));
    expect(payload.custom_details.message).toBe(message);
  });
});

describe('unknown keys', () => {
  test('are one incident across sweeps, as long as one key is unknown', () => {
    const one = render(notices.incomplete(1));
    expect(one).toMatchObject({ event_action: 'trigger', dedup_key: 'keysweep/incomplete' });
    expect(one.payload).toMatchObject({
      summary: 'keysweep: 1 key could not be audited',
      severity: 'warning',
      source: 'keysweep',
      component: 'nightly',
      class: 'sweep.incomplete',
    });
    expect(render(notices.incomplete(0))).toEqual({
      event_action: 'resolve',
      dedup_key: one.dedup_key,
    });
  });

  test('are more severe when no key was audited', () => {
    expect(render(notices.incomplete(415, 0)).payload.severity).toBe('error');
    expect(render(notices.incomplete(414, 1)).payload.severity).toBe('warning');
  });
});

describe('other messages', () => {
  test('an anomaly is ended by the sweep that recovered from it, and by no other', () => {
    const begun = render(notices.anomaly('sweep-1'));
    expect(begun).toMatchObject({ event_action: 'trigger', payload: { severity: 'error' } });
    const ended = { event_action: 'resolve', dedup_key: begun.dedup_key };
    expect(render(notices.recovered('sweep-1'))).toEqual(ended);
    expect(render(notices.recovered('sweep-2')).dedup_key).not.toBe(begun.dedup_key);
  });

  test('each gap in each schedule is a separate incident', () => {
    const keys = [
      notices.missed(),
      notices.missed({ schedule: 'weekly' }),
      notices.missed({ lastDueAt: '2026-11-24T02:30:00.000Z' }),
      notices.missed({ count: 4 }),
    ].map((message) => render(message).dedup_key);
    expect(new Set(keys).size).toBe(3);
    expect(keys[3]).toBe(keys[0]);
  });

  test('a failed channel is one incident, however many alerts it loses', () => {
    const [first, second, other] = [
      render(notices.failed('siem', 'alert-1')),
      render(notices.failed('siem', 'alert-2')),
      render(notices.failed('mail')),
    ];
    expect(first).toMatchObject({ event_action: 'trigger', payload: { component: 'siem' } });
    expect(second.dedup_key).toBe(first.dedup_key);
    expect(other.dedup_key).not.toBe(first.dedup_key);
  });

  test('a test has the severity info', () => {
    const event = render(notices.test('oncall'));
    expect(event).toMatchObject({ event_action: 'trigger', payload: { severity: 'info' } });
    expect(event.payload.summary).toBe('keysweep: Channel oncall works');
  });

  test('incident keys stay within 255 characters and different, however long a name is', () => {
    const keys = ['a', 'b'].map((end) => render(notices.failed('n'.repeat(300) + end)).dedup_key);
    expect(keys.map((key: string) => key.length <= 255)).toEqual([true, true]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  test('a message of 100 unknown keys with long names fits', () => {
    const unknown = {
      source: 's'.repeat(200),
      keyId: '中'.repeat(1_000),
      reason: 'timeout' as const,
      detail: '中'.repeat(1_000),
    };
    const { body, fits } = pagerduty.render(
      {
        type: 'sweep.incomplete',
        data: {
          sweep: aSweep,
          coverage: aCoverage,
          unknowns: Array(100).fill(unknown),
          omitted: 0,
        },
      },
      at,
    );
    expect(fits).toBe(true);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(500_000);
    expect(JSON.parse(body).payload.custom_details.unknowns).toHaveLength(100);
  });
});

test('the same message and instant give the same body, without a routing key', () => {
  const twice = [1, 2].map(() => pagerduty.render(opened(), at).body);
  expect(twice[0]).toBe(twice[1]);
  expect(twice[0]).not.toContain('routing_key');
});
