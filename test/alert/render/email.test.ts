import { describe, expect, test } from 'vitest';
import {
  type AlertFinding,
  changeArrays,
  type FindingsChanged,
  type Message,
} from '../../../src/alert/message.ts';
import { email } from '../../../src/alert/render/email.ts';
import { aCoverage, aFinding, aMissed, aSweep } from '../a-finding.ts';

const at = new Date('2026-11-23T02:31:00Z');

function render(message: Message) {
  const { body, fits } = email.render(message, at);
  const mail = JSON.parse(body) as Record<'subject' | 'text' | 'html' | 'date', string>;
  return { ...mail, fits, bytes: Buffer.byteLength(body) };
}

const changed = (difference: Partial<FindingsChanged>): Message => ({
  type: 'findings.changed',
  data: {
    ...{ sweep: aSweep, coverage: aCoverage, part: 1, parts: 1 },
    ...{ opened: [], reopened: [], resolved: [], lapsed: [], waived: [], reminders: [] },
    ...difference,
  },
});

const of = (difference: Partial<AlertFinding>) =>
  render(changed({ opened: [aFinding(difference)] }));

/** As long as a fingerprint is. */
const fingerprint = (n: number) => n.toString(16).padStart(64, 'a0b1');

describe('the subject', () => {
  test('counts the gravest findings that need action, and says what changed', () => {
    const { subject } = render(
      changed({
        opened: [aFinding({ severity: 'high' }), aFinding({ severity: 'low' })],
        reminders: [aFinding({ severity: 'high' })],
        resolved: [aFinding({ severity: 'critical', status: 'resolved' })],
      }),
    );
    expect(subject).toBe('[keysweep] 2 high. Findings: 2 opened, 1 resolved, 1 still open');
  });

  test('counts no gravest findings if all are resolved', () => {
    const { subject } = render(changed({ resolved: [aFinding({ status: 'resolved' })] }));
    expect(subject).toBe('[keysweep] Findings: 1 resolved');
  });

  test('says which part it is if there are several', () => {
    const one = changed({ opened: [aFinding()], part: 2, parts: 3 });
    expect(render(one).subject).toMatch(/ \(part 2 of 3\)$/);
    expect(of({}).subject).not.toContain('part');
  });

  test('stays short with every kind of change and the longest numbers', () => {
    const hundred = Array.from({ length: 100 }, () => aFinding({ severity: 'critical' }));
    const all = Object.fromEntries(changeArrays.map((name) => [name, hundred]));
    const { subject } = render(changed({ ...all, part: 9_999_999, parts: 9_999_999 }));
    expect(subject.length).toBeLessThanOrEqual(150);
    expect(subject).toContain('(part 9999999 of 9999999)');
  });

  test('is one short line without hidden characters, whatever the name of the schedule', () => {
    const schedule = `a\r\nBcc: x\u202e\0${'ü'.repeat(300)}`;
    const { subject } = render({ type: 'sweep.missed', data: { ...aMissed, schedule } });
    expect(subject.length).toBeLessThanOrEqual(150);
    expect(subject).not.toMatch(/\p{C}/u);
  });
});

describe('both texts', () => {
  test.each(['text', 'html'] as const)('list the gravest finding first in the %s', (name) => {
    const opened = (['low', 'critical', 'info', 'high'] as const).flatMap((severity) => [
      aFinding({ severity, keyId: `key_${severity}_1` }),
      aFinding({ severity, keyId: `key_${severity}_2` }),
    ]);
    const said = render(changed({ opened, resolved: [aFinding({ keyId: 'key_resolved' })] }))[name];
    const named = said.match(/key_(critical|high|low|info)_[12]|key_resolved/g);
    expect([...new Set(named)]).toEqual([
      ...['key_critical_1', 'key_critical_2', 'key_high_1', 'key_high_2'],
      ...['key_low_1', 'key_low_2', 'key_info_1', 'key_info_2', 'key_resolved'],
    ]);
  });

  test.each(['text', 'html'] as const)('of a finding, the %s says all that is known', (name) => {
    const finding = aFinding({ keyId: 'key_9', waiver: 'W-9', fingerprint: fingerprint(7) });
    const said = render(changed({ opened: [finding] }))[name];
    const words = [
      'stale-45',
      'not used for 61 days; the limit is 45 days',
      'flexcharge-prod / key_9',
      'checkout',
      'secret, ends in 7dc0',
      'payments',
      'production',
      '2026-11-01',
      'CIS AWS 4.0 1.12',
      'W-9',
      fingerprint(7),
    ];
    for (const word of words) expect(said).toContain(word);
    expect(said.toLowerCase()).toContain('high');
  });

  test.each(['text', 'html'] as const)(
    'of a finding, the %s says what is at stake and what to do',
    (name) => {
      const link = 'https://keysweep.example/keys/flexcharge-prod/key_1';
      const said = of({ link })[name];
      const words = [
        ...['2026-09-23', 'charges:write', 'Ask the owner.'],
        ...['keysweep audit key_1 --source flexcharge-prod', link],
      ];
      for (const word of words) expect(said).toContain(word);
    },
  );

  test('begin with the coverage', () => {
    const { text, html } = of({});
    expect(text.split('\n')[0]).toBe('412 of 415 audited, 3 unknown; 1 audited only in part');
    expect(html).toMatch(/<h1[^>]*>412 of 415 audited, 3 unknown; 1 audited only in part<\/h1>/);
  });

  test('say who acknowledged an event, when and why', () => {
    const acknowledgement = {
      ...({ by: 'ann', known: 'asserted' } as const),
      at: '2026-11-23T08:00:00.000Z',
      reason: 'planned restart',
    };
    const ended = { status: 'resolved', resolution: 'acknowledged', acknowledgement } as const;
    const { text, html } = render(changed({ resolved: [aFinding(ended)] }));
    const said = 'ann (asserted), 2026-11-23T08:00:00.000Z: planned restart';
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`Ended by: ${said}`);
    expect(html).toContain(said);
  });

  test('have the changes in the order of their arrays', () => {
    const { text, html } = render(
      changed({
        opened: [aFinding()],
        resolved: [aFinding({ status: 'resolved', resolution: 'fixed' })],
        lapsed: [
          aFinding({ lapse: { waiver: 'W-1', reason: 'seasonal job', cause: 'key-changed' } }),
        ],
      }),
    );
    expect(text.match(/^[A-Z ]+\(\d+\)$/gm)).toEqual([
      'OPENED (1)',
      'RESOLVED (1)',
      'NO LONGER WAIVED (1)',
    ]);
    expect(html).toMatch(/Opened \(1\).*Resolved \(1\).*No longer waived \(1\)/s);
    expect(text).toContain('by W-1 (seasonal job), but the key has changed since');
    expect(text).toContain('fixed');
  });

  test('leave out what is not known', () => {
    const { text } = of({
      owner: null,
      environment: '',
      keyName: null,
      keyType: '',
      lastFour: null,
    });
    expect(text).not.toMatch(/null|Owner|Environment|Name|Kind/);
  });

  test('say how to acknowledge an event, and only if there is one', () => {
    expect(of({ type: 'reawakened' }).text).toContain('keysweep findings acknowledge FINGERPRINT');
    expect(of({ type: 'stale' }).text).not.toContain('acknowledge');
  });

  test('of the same message at the same instant are the same', () => {
    const message = changed({ opened: [aFinding()] });
    expect(email.render(message, at)).toEqual(email.render(message, at));
    expect(of({}).date).toBe('2026-11-23T02:31:00.000Z');
  });
});

describe('other messages', () => {
  const unknowns = (count: number, detail: string) =>
    Array.from({ length: count }, (_, n) => ({
      ...{ source: 'flexcharge-prod', keyId: `key_${n}_${detail}` },
      ...{ rule: null, reason: 'timeout' as const, detail },
    }));
  const incomplete = (count: number, detail: string, omitted = 0): Message => ({
    type: 'sweep.incomplete',
    data: { sweep: aSweep, coverage: aCoverage, unknowns: unknowns(count, detail), omitted },
  });

  test('name the keys that could not be audited', () => {
    const { text, subject } = render(incomplete(3, 'no answer'));
    expect(subject).toBe('[keysweep] 3 keys could not be audited');
    expect(text).toContain('flexcharge-prod / key_2_no answer');
    expect(text).toContain('UNKNOWN\n');
  });

  test('say how many keys they do not name', () => {
    expect(render(incomplete(100, 'no answer', 23)).text).toContain(
      'UNKNOWN, THE FIRST 100 OF 123\n',
    );
    expect(render(incomplete(100, 'no answer', 23)).fits).toBe(true);
  });

  test('name fewer keys if their texts are long', () => {
    const { text, fits } = render(incomplete(100, '"'.repeat(400)));
    expect(fits).toBe(true);
    expect(text).toMatch(/THE FIRST \d+ OF 100/);
  });

  test('have all their content', () => {
    const failed = { channel: 'sec-slack', alert: { id: 'a-1', type: 'findings.changed' } };
    const { text } = render({
      type: 'channel.failed',
      data: { ...failed, attempts: 3, detail: 'answered 410' },
    });
    expect(text).toContain('keysweep alerts retry a-1 sends it again (findings.changed)');
    expect(render({ type: 'test', data: { channel: 'mail' } }).subject).toBe(
      '[keysweep] Channel mail works',
    );
    expect(render({ type: 'sweep.missed', data: aMissed }).text).toContain(
      '2026-11-21T02:30:00.000Z',
    );
  });

  test('about an anomaly count keys by their new state', () => {
    const { text } = render({
      type: 'sweep.anomaly',
      data: {
        ...{ sweep: aSweep, coverage: aCoverage, compared: 400, changed: 260, held: 260 },
        turned: { pass: 0, fail: 250, waived: 0, unknown: 0, missing: 10, left: 0 },
        cause: 'keys-missing',
        detail: 'every key of flexcharge-prod is missing',
        release: 'keysweep alerts release sweep-1',
      },
    });
    expect(text).toContain('Of the keys that changed, 250 now fail, 10 went missing.');
    expect(text).toContain('keysweep alerts release sweep-1');
  });
});

describe('size', () => {
  const many = (count: number, difference: Partial<AlertFinding> = {}) =>
    render(
      changed({
        opened: Array.from({ length: count }, (_, n) =>
          aFinding({ fingerprint: fingerprint(n), keyId: `key_${n}_9f8e7d6c5b4a`, ...difference }),
        ),
      }),
    );

  test('of a hundred ordinary findings is below Gmail’s limit', () => {
    const { fits, html, bytes } = many(100);
    expect(fits).toBe(true);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(bytes).toBeLessThan(160_000);
  });

  test('decides whether findings must be cut into more mails', () => {
    const reason = (length: number) => ({ message: 'x'.repeat(length) });
    const room = 100_000 - Buffer.byteLength(many(100, reason(0)).html);
    const each = Math.floor(room / 100);
    expect(many(100, reason(each)).fits).toBe(true);
    expect(many(100, reason(each + 1)).fits).toBe(false);
  });

  test.each(['"', '😀', '.a', '\u202e', '文', '@'])('of one finding full of %j fits', (word) => {
    const text = word.repeat(5_000);
    const { fits } = of({
      ...{ rule: text, source: text, keyId: text, message: text, keyName: text, keyType: text },
      ...{ lastFour: text, owner: text, environment: text, waiver: text, fingerprint: text },
      controls: Array.from({ length: 500 }, () => text),
      lapse: { waiver: text, reason: text, cause: 'expired' },
    });
    expect(fits).toBe(true);
  });
});

describe('hostile texts', () => {
  const everywhere = (text: string) =>
    of({
      ...{ keyId: text, message: text, keyName: text, keyType: text, lastFour: text },
      ...{ owner: text, environment: text, controls: [text], waiver: text },
      lapse: { waiver: text, reason: text, cause: 'expired' },
    });
  const plain = everywhere('x').html.match(/<[^>]*>/g);

  test.each([
    '</table><script>alert(1)</script>',
    '<a href="https://evil.example">reset</a>',
    '<img src=x onerror=1>',
    '" style="position:fixed',
    "' onclick='x",
    '<!--',
    '&lt;b&gt;',
    ']]>',
  ])('%j adds no element and no attribute', (text) => {
    expect(everywhere(text).html.match(/<[^>]*>/g)).toEqual(plain);
  });

  test.each([
    ['https://evil.example/x', 'https[:]//evil[.]example/x'],
    ['evil.com', 'evil[.]com'],
    ['www.1.example', 'www.1[.]example'],
    ['evil。рф', 'evil[。]рф'],
    ['💩.la', '💩[.]la'],
    ['ev\u115fil.com', 'evil[.]com'],
    ['evil.c\u0327om', 'evil[.]c\u0327om'],
    ['//evil.example', '//evil[.]example'],
    ['file:\\\\evil\\x', 'file[:][\\]\\evil\\x'],
    ['mailto:root', 'mailto[:]root'],
    ['TEL:+1900', 'TEL[:]+1900'],
    ['ann@evil.example', 'ann[@]evil[.]example'],
    ['x.changed.com', 'x[.]changed[.]com'],
  ])('%j is no link: %s', (text, shown) => {
    expect(everywhere(text).text).toContain(`  Name:        ${shown}\n`);
    expect(everywhere(text).text).not.toContain(text);
    expect(everywhere(text).html).not.toContain(text);
  });

  test.each([
    'charges:read',
    'CIS AWS 4.0 1.12',
    'v1.2.3',
    'prod-key_1',
    'keys.csv',
    'a: b',
    'Ann.',
  ])('%j stays unchanged', (text) => {
    expect(everywhere(text).text).toContain(`  Name:        ${text}\n`);
  });

  test('cannot hide text, reverse it or break lines', () => {
    const { text, html } = everywhere('a\r\nOPENED (9)\n\u2028b\u202ec\0\u001b[31m\u200bd');
    expect(text.match(/^OPENED/gm)).toHaveLength(1);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}|\p{Zl}/u);
    expect(html.replaceAll('\n', '')).not.toMatch(/\p{C}|\p{Zl}/u);
  });

  test('cannot make the page load or link to anything', () => {
    expect(everywhere('https://evil.example').html).not.toMatch(
      /href|src=|url\(|<(a|img|style|link)\b/i,
    );
  });
});
