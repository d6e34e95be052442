import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/alert/message.ts';
import { teams } from '../../../src/alert/render/teams.ts';
import { aFinding } from '../a-finding.ts';
import { teamsRefusal } from '../channels/imitate-teams.ts';
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

interface Run {
  readonly text: string;
  readonly weight?: string;
  readonly color?: string;
  readonly selectAction?: { readonly type: string; readonly url: string };
}
interface Card {
  readonly fallbackText: string;
  readonly body: readonly { readonly inlines: readonly Run[] }[];
}

function cardOf(message: Message): Card {
  return JSON.parse(teams.render(message, at).body).attachments[0].content;
}

/** What a person reads, a paragraph a line. */
function read(message: Message): readonly string[] {
  return cardOf(message).body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));
}

describe('a card', () => {
  const message = changed({
    opened: [aFinding(), aFinding({ keyId: 'key_2', severity: 'critical', owner: null })],
    resolved: [aFinding({ keyId: 'key_3', status: 'resolved', resolution: 'untracked' })],
  });

  test('has one paragraph per finding, under its change and its severity', () => {
    const says = 'not used for 61 days; the limit is 45 days';
    const toDo = [
      'first seen 2026-11-01; last used 2026-09-23; scopes: charges:write',
      'keysweep audit key_1 --source flexcharge-prod',
    ];
    expect(read(message)).toEqual([
      'Findings: 2 opened, 1 resolved',
      'Sweep sweep-1 of schedule nightly.',
      '412 of 415 keys audited, 3 unknown.',
      'Opened (2)',
      'Critical',
      `flexcharge-prod/key_2 "checkout" stale-45: ${says}`,
      ...toDo,
      'High',
      `flexcharge-prod/key_1 "checkout" (payments) stale-45: ${says}`,
      ...toDo,
      'Resolved (1)',
      'High',
      `flexcharge-prod/key_3 "checkout" (payments) stale-45: the key is tracked no more (was: ${says})`,
      'What to do',
      'stale-45: Ask the owner.',
    ]);
  });

  test('links to the page of a key, if there is one, and only there', () => {
    const link = 'https://keysweep.example/keys/flexcharge-prod/key_1';
    const { body } = cardOf(changed({ opened: [aFinding({ link }), aFinding()] }));
    const linked = body.flatMap(({ inlines }) =>
      inlines.filter(({ selectAction }) => selectAction !== undefined),
    );
    expect(linked).toMatchObject([
      {
        text: 'flexcharge-prod/key_1 "checkout" (payments)',
        selectAction: { type: 'Action.OpenUrl', url: link },
      },
    ]);
  });

  test('shows severities in colour, and resolved findings in green', () => {
    const colours = cardOf(message).body.flatMap(({ inlines: [first] }) => first?.color ?? []);
    expect(colours).toEqual(['Attention', 'Warning', 'Good']);
  });

  test('has a summary for the notification', () => {
    expect(cardOf(message).fallbackText).toBe('Findings: 2 opened, 1 resolved; worst: critical');
  });

  test('of 70 ordinary findings fits, and one of 100 says that it does not', () => {
    const seventy = teams.render(changed({ opened: ordinaryFindings(70) }), at);
    expect([seventy.fits, teamsRefusal(seventy.body)]).toEqual([true, undefined]);
    const hundred = teams.render(changed({ opened: ordinaryFindings(100) }), at);
    expect([hundred.fits, teamsRefusal(hundred.body)]).toEqual([false, 413]);
  });

  test('is never larger than 20,000 bytes, in any script', () => {
    for (const letter of ['x', 'é', '中', '😀', '"', '\\']) {
      const opened = ordinaryFindings(100).map((one) => ({ ...one, keyName: letter.repeat(40) }));
      const counts = [10, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100];
      const bodies = counts.map((n) => teams.render(changed({ opened: opened.slice(0, n) }), at));
      const fitting = bodies.filter(({ fits }) => fits).map(({ body }) => body);
      expect(fitting.length).toBeGreaterThan(2);
      expect(Math.max(...fitting.map((body) => Buffer.byteLength(body)))).toBeLessThanOrEqual(
        20_000,
      );
      expect(fitting.map(teamsRefusal)).toEqual(fitting.map(() => undefined));
    }
  });

  test('is the same every time', () => {
    expect(teams.render(message, at)).toEqual(teams.render(message, new Date(0)));
  });
});

test('unknown keys are listed as far as they fit, the others counted', () => {
  const unknowns = Array.from({ length: 100 }, (_, n) => ({
    source: 'flexcharge-prod',
    keyId: `key_${n}`,
    reason: 'timeout' as const,
    detail: 'é'.repeat(200),
  }));
  const message = anIncomplete(unknowns, 50);
  const { body, fits } = teams.render(message, at);
  expect([fits, teamsRefusal(body)]).toEqual([true, undefined]);
  const listed = read(message).filter((line) => line.startsWith('flexcharge-prod/')).length;
  expect(listed).toBeGreaterThan(0);
  expect(read(message)).toContain(`Unknown keys (150, ${listed} listed)`);
});

test('every notice has a title and says more below it', () => {
  for (const message of notices('nightly')) {
    expect(read(message).length).toBeGreaterThan(1);
    expect(cardOf(message).fallbackText).toBe(read(message)[0]);
  }
});

describe('whatever the texts', () => {
  function expectHarmless(body: string) {
    for (const text of textsIn(JSON.parse(body))) {
      expect(text).not.toMatch(dangerous);
      expect(text).not.toMatch(hidden);
      expect(text).not.toContain('\n');
    }
  }

  test('a message of one finding or none is accepted, without mentions, links or hidden text', () => {
    fc.assert(
      fc.property(anyUncutMessage, (message) => {
        const { body, fits } = teams.render(message, at);
        expect([fits, teamsRefusal(body)]).toEqual([true, undefined]);
        expectHarmless(body);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test('a message that fits is accepted, with one paragraph per finding and no other', () => {
    const findings = fc.array(anyFinding, { maxLength: 30 });
    fc.assert(
      fc.property(findings, changeArray, (some, name) => {
        const told = some.map((one, n) => ({ ...one, source: 'src', keyId: `key_${n}` }));
        const message = changed({ [name]: told });
        const { body, fits } = teams.render(message, at);
        if (fits) expect(teamsRefusal(body)).toBeUndefined();
        expectHarmless(body);
        const named = cardOf(message).body.flatMap(({ inlines }) =>
          inlines.length < 2 ? [] : (/^src\/(key_\d+)/.exec(inlines[0]?.text ?? '')?.[1] ?? []),
        );
        const worstFirst = ['critical', 'high', 'medium', 'low', 'info'].flatMap((severity) =>
          told.filter((one) => one.severity === severity).map(({ keyId }) => keyId),
        );
        expect(named).toEqual(worstFirst);
      }),
      { numRuns: 80, endOnFailure: true },
    );
  });

  test.each(tricks)('a key named %j is accepted', (keyName) => {
    const { body, fits } = teams.render(changed({ opened: [aFinding({ keyName })] }), at);
    expect([fits, teamsRefusal(body)]).toEqual([true, undefined]);
    expectHarmless(body);
  });
});
