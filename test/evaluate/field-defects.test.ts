import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import type { PolicyRule } from '../../src/evaluate/policy/policy.ts';
import type { Observation } from '../../src/keys/observation.ts';
import { readDetails } from '../../src/keys/read-details.ts';
import { readVendorFields } from '../../src/keys/vendor-fields.ts';
import { exitCode } from '../../src/report/exit-code.ts';
import { movesIn } from './history/moves.ts';
import { aWaiver, waivedBefore } from './waivers/a-waiver.ts';
import {
  ago,
  aKey,
  aPolicy,
  asOf,
  day,
  judge,
  judgeWhole,
  missing,
  missingRule,
  neverUsedRule,
  overScopedRule,
  present,
  staleRule,
  tooOldRule,
  unownedRule,
  unreachable,
} from './world.ts';

// What the leaders of the field get wrong, so far as it is a matter of judging. The rest is tested
// where it belongs: `grep -rn 'prowler\|steampipe\|gitlab #\|bull #' test`.

function brokenBy(rules: PolicyRule[], seen: Observation, rest = {}): string[] {
  return judge(rules, seen, rest).violations.map(({ rule }) => rule);
}

/** What the vendor says, read as in a sweep. */
function answered(body: object): Observation {
  return { kind: 'present', at: asOf, details: readDetails(readVendorFields(body)) };
}

const old = ago(400 * day);

describe('Prowler iam_user_accesskey_unused', () => {
  test('skips a key with no last use, which passes: here it is idle since it was created', () => {
    const body = { type: 'secret', created_on: old.toISOString(), last_used: null };
    expect(brokenBy([staleRule()], answered(body))).toEqual(['stale-45']);
    expect(brokenBy([neverUsedRule()], answered(body))).toEqual(['never-used']);
    const { last_used: _absent, ...without } = body;
    expect(judge([staleRule()], answered(without)).verdict).toBe('unknown');
  });

  test('fails more than 45 days where CIS says 45 or more: here 45 days fail', () => {
    const used = (ms: number) => present({ createdOn: old, lastUsed: ago(ms) });
    expect(brokenBy([staleRule()], used(45 * day))).toEqual(['stale-45']);
    expect(brokenBy([staleRule()], used(45 * day - 1))).toEqual([]);
  });
});

describe('Prowler’s checks of Vercel tokens', () => {
  test('log a failed fetch and then check no keys: here the key is unknown, never passed', () => {
    for (const rules of [[staleRule()], [unownedRule()], [missingRule()]]) {
      expect(judge(rules, unreachable).verdict).toBe('unknown');
    }
  });

  test('call a token of today stale if it is unused: here idle time counts from creation', () => {
    const today = present({ createdOn: ago(60_000), lastUsed: null });
    expect(judge([staleRule(), neverUsedRule()], today).verdict).toBe('pass');
  });
});

describe('aws_compliance', () => {
  test('never looks at the second key when the first is inactive: here each is judged by itself', () => {
    const idle = present({ createdOn: old, lastUsed: ago(60 * day) });
    const verdicts = ['key_1', 'key_2'].map(
      (keyId) => judge([staleRule()], idle, { key: aKey({ keyId }) }).verdict,
    );
    expect(verdicts).toEqual(['fail', 'fail']);
    const rules = [staleRule(), tooOldRule(), unownedRule()];
    expect(brokenBy(rules, idle, { key: aKey({ owner: null }) })).toEqual([
      'stale-45',
      'too-old',
      'owner',
    ]);
  });

  test('fails an age of 90 days, which CIS allows (“90 days or less”), as Prowler does', () => {
    expect(brokenBy([tooOldRule()], present({ createdOn: ago(90 * day) }))).toEqual([]);
    expect(brokenBy([tooOldRule()], present({ createdOn: ago(90 * day + 1) }))).toEqual([
      'too-old',
    ]);
  });
});

describe('TruffleHog', () => {
  test('drops scopes that it does not know: here they count as not allowed', () => {
    const rules = [overScopedRule({ allow: ['charges:read'] })];
    const [found] = judge(rules, present({ scopes: ['charges:read', 'vault:open'] })).violations;
    expect(found?.facts).toEqual({ notAllowed: ['vault:open'] });
  });

  test('ignores a list that it cannot read: here that is unknown', () => {
    const rules = [overScopedRule({ allow: ['charges:read'] })];
    for (const scopes of [null, 'charges:read', ['charges:read', 7], undefined]) {
      expect(judge(rules, answered({ scopes })).verdict).toBe('unknown');
    }
  });
});

describe('errors shown as pass, or exit 0', () => {
  const unknown = { tracked: 1, audited: 0, unknown: 1, partial: 0 };

  test('a key that could not be asked is unknown, and exit 3 (prowler #327 #940, steampipe #557)', () => {
    expect(judge([staleRule()], unreachable)).toMatchObject({
      verdict: 'unknown',
      unjudged: [{ rule: null, reason: 'unreachable' }],
    });
    expect(exitCode({ coverage: unknown, worst: null, failOn: 'low' })).toBe(3);
  });

  test('a field that is not a date is unknown, and exit 3 (prowler #7597, cloud-custodian #2656 #4667)', () => {
    const body = { createdOn: '2026-02-30T00:00:00Z', lastUsed: 'yesterday', type: 7, scopes: {} };
    const rules = [staleRule(), tooOldRule(), overScopedRule({ match: { type: ['secret'] } })];
    const judged = judge(rules, answered(body));
    expect([judged.verdict, judged.unjudged.length]).toEqual(['unknown', 3]);
    const partial = { ...unknown, audited: 1, unknown: 0, partial: 1 };
    expect(exitCode({ coverage: partial, worst: null, failOn: 'low' })).toBe(3);
  });
});

describe('findings after a scan', () => {
  const rules = [staleRule(), missingRule()];
  const plan = (observation: Observation) =>
    movesIn({
      findings: [{ rule: 'stale-45', state: 'open' }],
      observation: observation.kind,
      judgement: judgeWhole(rules, observation),
      policy: aPolicy(...rules),
      policyChanged: false,
      keyChanged: true,
      asOf,
      now: asOf,
    });

  test('a scan of only some keys archives all other findings: here none changes (prowler #1626)', () => {
    expect(plan(unreachable)).toEqual([]);
    expect(plan(present({ lastUsed: undefined }))).toEqual([]);
  });

  test('a scan without violations closes no finding: here the finding ends as fixed (prowler #2190)', () => {
    expect(plan(present())).toMatchObject([{ kind: 'resolved', resolution: 'fixed' }]);
  });

  test('a finding of a resource that is gone stays open: here it ends as missing (prowler #2843)', () => {
    expect(plan(missing)).toMatchObject([
      { rule: 'gone', kind: 'opened' },
      { rule: 'stale-45', kind: 'resolved', resolution: 'missing' },
    ]);
  });
});

describe('exceptions that outlive their reason', () => {
  const idle = present({ createdOn: old, lastUsed: ago(60 * day) });
  const waiver = aWaiver();

  test('a waiver ends with its day', () => {
    const waived = (expires: number) => {
      const waivers = [aWaiver({ expires: new Date(asOf.getTime() + expires) })];
      return judge([staleRule()], idle, { waivers }).verdict;
    };
    expect([waived(1), waived(0)]).toEqual(['waived', 'fail']);
  });

  test('a waiver is void when the key differs from its baseline', () => {
    const rest = { waivers: [waiver], history: waivedBefore(waiver) };
    expect(judge([staleRule()], idle, rest).verdict).toBe('waived');
    const grown = present({ createdOn: old, lastUsed: ago(60 * day), scopes: ['*'] });
    expect(judge([staleRule()], grown, rest).verdict).toBe('fail');
  });

  test('a waiver of a rule that does not exist is refused, not ignored (prowler #1759)', () => {
    const policy = `
version: v
rules: [{ id: stale-45, type: stale, after: 45d, severity: high }]
waivers:
  - { id: W-1, rule: stale-54, keys: [{ source: s, keyId: k }], reason: r, requestedBy: a,
      approvedBy: b, expires: 2027-01-31 }
`;
    expect(() => parsePolicy(policy)).toThrow('stale-54');
  });
});
