import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { type History, noHistory } from '../../src/evaluate/history/history.ts';
import type { Judgement, Verdict } from '../../src/evaluate/judgement.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import type { RuleType } from '../../src/evaluate/policy/policy.ts';
import type { KeyDetails } from '../../src/keys/detail-fields.ts';
import type { Observation } from '../../src/keys/observation.ts';
import { detailFields, type Scenario, scenario } from './arbitraries.ts';
import { asOf, day, missing, unreachable } from './world.ts';

interface Circumstances {
  readonly observation?: Observation;
  readonly at?: Date;
}

function judge(of: Scenario, { observation, at = asOf }: Circumstances = {}): Judgement {
  const policy = compilePolicy({ version: 'p', rules: of.rules, waivers: of.waivers });
  const seen = observation ?? { kind: 'present', at: asOf, details: of.details };
  const { key, history } = of;
  return evaluate({ observation: seen, key, policy, asOf: at, usageLagMs: 0, history });
}

function sorted(judgement: Judgement): Judgement {
  const by = <T>(list: readonly T[], read: (one: T) => string) =>
    [...list].sort((a, b) => (read(a) < read(b) ? -1 : 1));
  return {
    ...judgement,
    violations: by(judgement.violations, ({ rule }) => rule),
    unjudged: by(judgement.unjudged, ({ rule }) => String(rule)),
    waiverChanges: by(judgement.waiverChanges, ({ hash }) => hash),
  };
}

/** `unaudited` apart: it is judged only where the others leave the key unknown. */
function others(of: Scenario, list: readonly { readonly rule: string | null }[]): Set<string> {
  const last = of.rules.filter(({ type }) => type === 'unaudited').map(({ id }) => id);
  return new Set(list.map(({ rule }) => String(rule)).filter((id) => !last.includes(id)));
}

function typeOf({ rules }: Scenario, id: string): RuleType | undefined {
  return rules.find((rule) => rule.id === id)?.type;
}

function hideFields(of: Scenario, fields: readonly (keyof KeyDetails)[]): Scenario {
  const hidden = Object.fromEntries(fields.map((field) => [field, undefined]));
  return { ...of, details: { ...of.details, ...hidden } };
}

const historyFields = Object.keys(noHistory) as (keyof History)[];

function hideHistory(of: Scenario, fields: readonly (keyof History)[]): Scenario {
  const hidden = Object.fromEntries(fields.map((field) => [field, noHistory[field]]));
  return { ...of, history: { ...of.history, ...hidden } };
}

const often = { numRuns: 500 };

describe('the order', () => {
  test('of rules and of waivers changes nothing', () => {
    fc.assert(
      fc.property(scenario, fc.nat(), (of, turn) => {
        const at = turn % of.rules.length;
        const rules = [...of.rules.slice(at), ...of.rules.slice(0, at)].reverse();
        const turned = { ...of, rules, waivers: [...of.waivers].reverse() };
        expect(sorted(judge(turned))).toEqual(sorted(judge(of)));
      }),
      often,
    );
  });

  test('of scopes, of scopes approved or seen before, and of tags changes nothing', () => {
    const reversed = <T extends readonly string[] | null | undefined>(list: T) =>
      (list ? [...list].reverse() : list) as T;
    fc.assert(
      fc.property(scenario, (of) => {
        const { key, details, history } = of;
        const turned: Scenario = {
          ...of,
          key: {
            ...key,
            tags: reversed(key.tags),
            approvedScopes: reversed(key.approvedScopes),
          },
          details: { ...details, scopes: reversed(details.scopes) },
          history: { ...history, firstScopes: reversed(history.firstScopes) },
        };
        expect(judge(turned)).toEqual(judge(of));
      }),
      often,
    );
  });

  test('of keys changes nothing: a compiled policy keeps no state between keys', () => {
    fc.assert(
      fc.property(scenario, scenario, (one, other) => {
        const policy = compilePolicy({ version: 'p', rules: one.rules, waivers: one.waivers });
        const judgeUnder = ({ key, details, history }: Scenario) => {
          const observation: Observation = { kind: 'present', at: asOf, details };
          return evaluate({ observation, key, policy, asOf, usageLagMs: 0, history });
        };
        const forward = [judgeUnder(one), judgeUnder(other)];
        expect([judgeUnder(other), judgeUnder(one)].reverse()).toEqual(forward);
      }),
    );
  });
});

describe('hiding fields of a key', () => {
  /** To the left what a key is with all its fields, to the right what it may be with fewer. */
  const may: { readonly [V in Verdict]: readonly Verdict[] } = {
    pass: ['pass', 'unknown', 'fail'],
    // Only `unaudited` fails a key for what cannot be read.
    unknown: ['unknown', 'fail'],
    waived: ['waived', 'unknown', 'fail'],
    // A waiver goes on while it cannot be told that the key changed.
    fail: ['fail', 'unknown', 'waived'],
  };

  test('turns fail, unknown or waived never into pass, and unknown never into waived', () => {
    fc.assert(
      fc.property(scenario, fc.subarray([...detailFields]), (of, fields) => {
        const [full, less] = [judge(of), judge(hideFields(of, fields))];
        expect(may[full.verdict]).toContain(less.verdict);
        if (full.verdict === 'fail' && less.verdict === 'waived') {
          expect(less.violations.some(({ waiver }) => waiver !== null)).toBe(true);
          expect(full.waiverChanges.some((change) => change.void)).toBe(true);
        }
      }),
      often,
    );
  });

  test('lets no rule that was broken or unknown pass', () => {
    fc.assert(
      fc.property(scenario, fc.subarray([...detailFields]), (of, fields) => {
        const [full, less] = [judge(of), judge(hideFields(of, fields))];
        const raised = others(of, [...less.violations, ...less.unjudged]);
        for (const id of others(of, [...full.violations, ...full.unjudged])) {
          expect(raised).toContain(id);
        }
        for (const id of others(of, full.unjudged)) {
          expect(others(of, less.unjudged)).toContain(id);
        }
      }),
      often,
    );
  });

  test('adds no violation: a rule broken with fewer fields was broken, or unknown, with all', () => {
    fc.assert(
      fc.property(scenario, fc.subarray([...detailFields]), (of, fields) => {
        const [full, less] = [judge(of), judge(hideFields(of, fields))];
        const raised = others(of, [...full.violations, ...full.unjudged]);
        for (const id of others(of, less.violations)) expect(raised).toContain(id);
      }),
      often,
    );
  });

  test('by a key that cannot be observed leaves it unknown, or failed as unaudited', () => {
    fc.assert(
      fc.property(scenario, (of) => {
        const judged = judge(of, { observation: unreachable });
        expect(['unknown', 'fail']).toContain(judged.verdict);
        expect(judged.known).toBe(false);
        expect(others(of, judged.violations)).toEqual(new Set());
        expect(judge(of, { observation: missing }).verdict).not.toBe('pass');
      }),
    );
  });
});

describe('hiding the history of a key', () => {
  const lookBack: readonly (RuleType | undefined)[] = [
    'scope-drift',
    'reawakened',
    'impossible-metadata',
  ];

  test('makes nothing known: what was unknown stays unknown', () => {
    fc.assert(
      fc.property(scenario, fc.subarray(historyFields), (of, fields) => {
        const [full, less] = [judge(of), judge(hideHistory(of, fields))];
        const unknown = others(of, less.unjudged);
        for (const id of others(of, full.unjudged)) expect(unknown).toContain(id);
        if (full.verdict === 'unknown') expect(['unknown', 'fail']).toContain(less.verdict);
      }),
      often,
    );
  });

  test('removes only violations of rules that use history', () => {
    fc.assert(
      fc.property(scenario, fc.subarray(historyFields), (of, fields) => {
        const [full, less] = [judge(of), judge(hideHistory(of, fields))];
        const broken = others(of, less.violations);
        const lost = [...others(of, full.violations)].filter((id) => !broken.has(id));
        for (const id of lost) expect(lookBack).toContain(typeOf(of, id));
        const found = others(of, full.violations);
        for (const id of broken) expect(found).toContain(id);
      }),
      often,
    );
  });
});

describe('waivers', () => {
  test('turn nothing into pass, remove no violation and hide no unknown', () => {
    fc.assert(
      fc.property(scenario, (of) => {
        const [bare, covered] = [judge({ ...of, waivers: [] }), judge(of)];
        const may: { readonly [V in Verdict]: readonly Verdict[] } = {
          pass: ['pass'],
          unknown: ['unknown'],
          waived: [],
          fail: ['fail', 'unknown', 'waived'],
        };
        expect(may[bare.verdict]).toContain(covered.verdict);
        expect(others(of, covered.violations)).toEqual(others(of, bare.violations));
        expect(others(of, covered.unjudged)).toEqual(others(of, bare.unjudged));
        if (covered.verdict === 'waived') {
          expect(covered.violations.every(({ waiver }) => waiver !== null)).toBe(true);
          expect(covered.unjudged).toEqual([]);
        }
      }),
      often,
    );
  });
});

describe('a warning', () => {
  test('covers exactly the rules that will be broken within warnBefore if nothing happens', () => {
    const soon = new Date(asOf.getTime() + 7 * day + 1);
    fc.assert(
      fc.property(scenario, (of) => {
        const bare = { ...of, waivers: [] };
        const [now, later] = [judge(bare), judge(bare, { at: soon })];
        const [broken, later_] = [others(of, now.violations), others(of, later.violations)];
        for (const { id } of of.rules.filter(({ id: one }) => one.endsWith('.due'))) {
          const rule = id.replace('.due', '');
          expect(broken.has(id)).toBe(!broken.has(rule) && later_.has(rule));
        }
      }),
      often,
    );
  });
});
