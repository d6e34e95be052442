import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertFinding, Message } from '../../../src/alert/message.ts';
import { slack } from '../../../src/alert/render/slack.ts';
import { aCoverage, aFinding, aSweep } from '../a-finding.ts';
import { slackRefusal } from '../channels/imitate-slack.ts';
import {
  anyFinding,
  anyUncutMessage,
  changeArray,
  dangerous,
  hidden,
  textsIn,
  tricks,
} from './hostile.ts';
import { anIncomplete, changed, notices } from './messages.ts';
import { ordinaryFindings } from './ordinary-findings.ts';

const at = new Date('2026-11-23T02:31:00Z');

interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string; readonly emoji?: boolean };
  readonly elements?: readonly { readonly type: string; readonly text: string }[];
}

function rendered(message: Message): { readonly text: string; readonly blocks: readonly Block[] } {
  return JSON.parse(slack.render(message, at).body);
}

/** What a person reads, a line a line. */
function read(message: Message): readonly string[] {
  return rendered(message).blocks.flatMap(({ text, elements = [] }) =>
    [...(text === undefined ? [] : [text]), ...elements].flatMap((one) => one.text.split('\n')),
  );
}

const about = ['Sweep sweep-1 of schedule nightly.', '412 of 415 keys audited, 3 unknown.'];

/** Below each open finding. */
const toDo = [
  '  first seen 2026-11-01; last used 2026-09-23; scopes: charges:write',
  '  keysweep audit key_1 --source flexcharge-prod',
];

describe('a digest', () => {
  test('has one line per finding, under its change and its severity', () => {
    const message = changed({
      opened: [
        aFinding(),
        aFinding({ keyId: 'key_2', severity: 'critical', keyName: null, owner: null }),
        aFinding({ keyId: 'key_3' }),
      ],
      resolved: [aFinding({ keyId: 'key_4', status: 'resolved', resolution: 'fixed' })],
    });
    const says = 'stale-45: not used for 61 days; the limit is 45 days';
    expect(read(message)).toEqual([
      'Findings: 3 opened, 1 resolved',
      ...about,
      '*Opened (3)*',
      '🔴 Critical',
      `- flexcharge-prod/key_2 ${says}`,
      ...toDo,
      '🟠 High',
      `- flexcharge-prod/key_1 "checkout" (payments) ${says}`,
      ...toDo,
      `- flexcharge-prod/key_3 "checkout" (payments) ${says}`,
      ...toDo,
      '*Resolved (1)*',
      '✅ High',
      '- flexcharge-prod/key_4 "checkout" (payments) stale-45: fixed (was: not used for 61 days; the limit is 45 days)',
      '*What to do*',
      'stale-45: Ask the owner.',
    ]);
  });

  test('says of a key that was never used, or without scopes, so, and nothing of what is not known', () => {
    const lines = (difference: Partial<AlertFinding>) =>
      read(changed({ opened: [aFinding({ command: null, ...difference })] })).filter((line) =>
        line.startsWith('  '),
      );
    expect(lines({ lastUsed: null, scopes: [] })).toEqual([
      '  first seen 2026-11-01; never used; no scopes',
    ]);
    expect(lines({ lastUsed: undefined, scopes: null })).toEqual(['  first seen 2026-11-01']);
    const scopes = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(lines({ scopes })[0]).toMatch(/scopes: a, b, c, d, e and 2 more$/);
  });

  test('links to the page of a key, if there is one, and only there', () => {
    const link = 'https://keysweep.example/keys/flexcharge-prod/key_1';
    const { blocks } = rendered(changed({ opened: [aFinding({ link }), aFinding()] }));
    const marked = blocks.flatMap(({ text }) => (text?.type === 'mrkdwn' ? [text.text] : []));
    expect(marked).toEqual(['*Opened (2)*', `<${link}>`, '*What to do*']);
  });

  test('names the waiver that covers a finding from now on', () => {
    const waived = [aFinding({ status: 'waived', waiver: 'W-12', remedy: null, command: null })];
    expect(read(changed({ waived }))).toEqual([
      'Findings: 1 waived',
      ...about,
      '*Waived (1)*',
      '✅ High',
      '- flexcharge-prod/key_1 "checkout" (payments) stale-45: by W-12 (was: not used for 61 days; the limit is 45 days)',
    ]);
  });

  test('says why a waiver ended, and since when a finding is open', () => {
    const lapse = { waiver: 'W-12', reason: 'seasonal', cause: 'expired' } as const;
    const lines = read(changed({ lapsed: [aFinding({ lapse })], reminders: [aFinding()] }));
    expect(lines.filter((line) => line.startsWith('- '))).toEqual([
      expect.stringMatching(/the limit is 45 days; waiver W-12 has expired$/),
      expect.stringMatching(/the limit is 45 days; open since 2026-11-01$/),
    ]);
  });

  test('says of an acknowledged event who ended it, on which day and why', () => {
    const acknowledgement = {
      ...({ by: 'ann', known: 'oidc', subject: 's-1', mail: 'ann@x.example' } as const),
      ...{ at: '2026-11-23T08:00:00.000Z', reason: 'planned' },
    };
    const ended = { status: 'resolved', resolution: 'acknowledged', acknowledgement } as const;
    expect(read(changed({ resolved: [aFinding(ended)] })).at(-1)).toBe(
      '- flexcharge-prod/key_1 "checkout" (payments) stale-45: acknowledged by ann (signed in, ann@x.example) on 2026-11-23: planned (was: not used for 61 days; the limit is 45 days)',
    );
  });

  test('names the gravest severity in the notification, unless findings only resolved', () => {
    expect(rendered(changed({ opened: [aFinding(), aFinding({ severity: 'low' })] })).text).toBe(
      'Findings: 2 opened; worst: high',
    );
    expect(rendered(changed({ resolved: [aFinding()] })).text).toBe('Findings: 1 resolved');
  });

  test('of 100 ordinary findings fits one message', () => {
    const { body, fits } = slack.render(
      changed({ opened: ordinaryFindings(100), part: 9_999_999, parts: 9_999_999 }),
      at,
    );
    expect(fits).toBe(true);
    expect(slackRefusal(body)).toBeUndefined();
  });

  test('that fits is accepted, however characters are counted', () => {
    for (const letter of ['x', 'é', '中', '😀', '"', '&']) {
      const opened = ordinaryFindings(100).map((one) => ({ ...one, keyName: letter.repeat(20) }));
      const counts = Array.from({ length: 100 }, (_, n) => n + 1);
      const some = counts.map((n) => slack.render(changed({ opened: opened.slice(0, n) }), at));
      const fitting = some.filter(({ fits }) => fits);
      expect(fitting.length).toBeGreaterThan(30);
      expect(some.length).toBeGreaterThan(fitting.length);
      expect(fitting.map(({ body }) => slackRefusal(body))).toEqual(fitting.map(() => undefined));
    }
  });

  test('of 100 findings with long names says that it does not fit', () => {
    const opened = ordinaryFindings(100).map((one) => ({ ...one, keyName: 'x'.repeat(60) }));
    const { body, fits } = slack.render(changed({ opened }), at);
    expect(fits).toBe(false);
    expect(slackRefusal(body)).toBe('msg_blocks_too_long');
  });

  test('is the same every time', () => {
    const message = changed({ opened: ordinaryFindings(20) });
    expect(slack.render(message, at)).toEqual(slack.render(message, new Date(0)));
  });
});

describe('unknown keys', () => {
  const unknowns = (count: number, detail = 'no whole answer within 10 s') =>
    Array.from({ length: count }, (_, n) => ({
      source: 'flexcharge-prod',
      keyId: `key_${n}`,
      reason: 'timeout' as const,
      detail,
    }));

  test('are listed by reason', () => {
    expect(read(anIncomplete(unknowns(3)))).toEqual([
      '3 keys could not be audited',
      ...about,
      'To ask again: keysweep sweep.',
      '*Unknown keys (3)*',
      'timeout',
      ...[0, 1, 2].map((n) => `- flexcharge-prod/key_${n}: no whole answer within 10 s`),
    ]);
  });

  test('of which only a rule is unknown are not said to be unaudited', () => {
    const title = (...rules: readonly (string | null)[]) =>
      read({
        type: 'sweep.incomplete',
        data: {
          sweep: aSweep,
          coverage: { ...aCoverage, unknown: rules.length },
          unknowns: unknowns(rules.length).map((one, n) => ({ ...one, rule: rules[n] ?? null })),
          omitted: 0,
        },
      })[0];
    expect(title(null)).toBe('1 key could not be audited');
    expect(title('stale-45')).toBe('1 key could not be judged by every rule');
    expect(title(null, 'stale-45')).toBe(
      '2 keys could not be audited, or not judged by every rule',
    );
  });

  test('that are not listed are counted', () => {
    expect(read(anIncomplete(unknowns(100), 900))).toContain('*Unknown keys (1000, 100 listed)*');
  });

  test('are listed as far as they fit, all in one message', () => {
    const message = anIncomplete(unknowns(100, 'é'.repeat(500)));
    const { body, fits } = slack.render(message, at);
    expect([fits, slackRefusal(body)]).toEqual([true, undefined]);
    const listed = read(message).filter((line) => line.startsWith('- ')).length;
    expect(listed).toBeGreaterThan(0);
    expect(read(message)).toContain(`*Unknown keys (100, ${listed} listed)*`);
  });
});

test('every notice has a header and says more below it', () => {
  for (const message of notices('nightly')) {
    const [header, section, ...rest] = rendered(message).blocks;
    expect([header?.type, section?.type, rest]).toEqual(['header', 'section', []]);
    expect(rendered(message).text).toBe(header?.text?.text);
  }
});

describe('whatever the texts', () => {
  const headings = /^\*(What to do|[A-Z][a-z ]+\(\d+(, \d+ listed)?\))\*$/;

  function expectHarmless(body: string) {
    const { blocks, ...message } = JSON.parse(body) as { readonly blocks: readonly Block[] };
    for (const text of textsIn({ blocks, message })) {
      expect(text).not.toMatch(dangerous);
      expect(text).not.toMatch(hidden);
    }
    for (const one of blocks.flatMap(({ text, elements = [] }) => text ?? elements)) {
      if (one.type === 'mrkdwn') expect(one.text).toMatch(headings);
      else expect(one).toMatchObject({ type: 'plain_text', emoji: false });
    }
    expect(message).toMatchObject({ unfurl_links: false, unfurl_media: false });
  }

  test('a message of one finding or none is accepted, without mentions, links or hidden text', () => {
    fc.assert(
      fc.property(anyUncutMessage, (message) => {
        const { body, fits } = slack.render(message, at);
        expect([fits, slackRefusal(body)]).toEqual([true, undefined]);
        expectHarmless(body);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test('a message that fits is accepted, with one line per finding and no other line', () => {
    const findings = fc.array(anyFinding, { maxLength: 30 });
    fc.assert(
      fc.property(findings, changeArray, (some, name) => {
        const told: AlertFinding[] = some.map((one, n) => ({
          ...one,
          source: 'src',
          keyId: `key_${n}`,
        }));
        const message = changed({ [name]: told });
        const { body, fits } = slack.render(message, at);
        if (fits) expect(slackRefusal(body)).toBeUndefined();
        expectHarmless(body);
        const lines = read(message).filter((line) => line.startsWith('- '));
        const named = lines.map((line) => /^- src\/(key_\d+)[: ]/.exec(line)?.[1]);
        const worstFirst = ['critical', 'high', 'medium', 'low', 'info'].flatMap((severity) =>
          told.filter((one) => one.severity === severity).map(({ keyId }) => keyId),
        );
        expect(named).toEqual(worstFirst);
      }),
      { numRuns: 80, endOnFailure: true },
    );
  });

  test('ten thousand emoji are cut to one line', () => {
    const keyName = '😀'.repeat(10_000);
    const lines = read(changed({ opened: [aFinding({ keyName })] }));
    expect(lines.find((line) => line.startsWith('- '))?.length).toBeLessThan(200);
  });

  test('a source and a key that would form a link together form none', () => {
    const { body } = slack.render(
      changed({ opened: [aFinding({ source: 'https:', keyId: '/evil.example' })] }),
      at,
    );
    expect(body).toContain('- https[:]//evil.example');
    expectHarmless(body);
  });

  test.each(tricks)('a key named %j is accepted', (keyName) => {
    const { body, fits } = slack.render(changed({ opened: [aFinding({ keyName })] }), at);
    expect([fits, slackRefusal(body)]).toEqual([true, undefined]);
    expectHarmless(body);
  });
});
