// Keys judged per second on one core, without vendor, queue or store: twelve rules with waivers, some
// of which use a key's history. Counts processor time, garbage collection included, so that other
// work on the machine matters little.
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { type History, noHistory } from '../../src/evaluate/history/history.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import type { Policy } from '../../src/evaluate/policy/policy.ts';
import { readScopes } from '../../src/evaluate/scope.ts';
import { hashWaiver } from '../../src/evaluate/waivers/compile-waivers.ts';
import { digestKey } from '../../src/evaluate/waivers/digest-key.ts';
import type { Waiver } from '../../src/evaluate/waivers/waiver.ts';
import type { KeyDetails } from '../../src/keys/detail-fields.ts';
import type { Observation } from '../../src/keys/observation.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';
import { atLeast } from '../support/aim.ts';
import { defineBench } from '../support/define-bench.ts';
import { overRounds } from '../support/median.ts';
import { count } from '../support/option.ts';

const day = 86_400_000;
const asOf = new Date('2026-11-23T02:30:00Z');

interface Case {
  readonly key: TrackedKey;
  readonly observation: Observation;
  readonly history: History;
}

/** Twelve judged rules: two of them are early warnings, and one comes with every policy. */
function readPolicy(waived: readonly string[]): Policy {
  const keys = waived.map((keyId) => `{ source: flexcharge-prod, keyId: ${keyId} }`);
  return parsePolicy(`
version: bench
rules:
  - { id: stale-45, type: stale, after: 45d, warnBefore: 7d, severity: high }
  - { id: never-used, type: never-used, grace: 14d, severity: medium }
  - { id: too-old, type: too-old, after: 90d, warnBefore: 7d, severity: medium }
  - id: scopes
    type: over-scoped
    allow: ["customers:*", "charges:*"]
    forbid: ["*:admin"]
    severity: critical
  - { id: drift, type: scope-drift, severity: high }
  - { id: woke-up, type: reawakened, dormant: 60d, severity: high }
  - { id: impossible, type: impossible-metadata, severity: high }
  - { id: names, type: naming, pattern: "team-*-*", severity: info }
  - { id: owner, type: unowned, match: { source: ["*-prod"] }, severity: low }
waivers:
  - id: W-1
    rule: stale-45
    keys: [${keys.join(', ')}]
    reason: seasonal job
    requestedBy: ann
    approvedBy: bob
    expires: 2027-01-31
  - id: W-2
    rule: too-old
    match: { tags: ["pci*"] }
    reason: rotated with the next release
    requestedBy: ann
    approvedBy: [bob, cid]
    expires: 2027-01-31
`);
}

function aCase(at: number, waived: ReadonlySet<string>, seasonal: string): Case {
  const keyId = `key_${at}`;
  const source = at % 2 === 0 ? 'flexcharge-prod' : 'flexcharge-sandbox';
  const said = detailsOf(at);
  return {
    key: {
      source,
      keyId,
      owner: at % 50 === 0 ? null : `team-${at % 40}`,
      environment: at % 2 === 0 ? 'production' : 'sandbox',
      approvedScopes: at % 3 === 0 ? scopes.slice(0, 3) : null,
      tags: at % 5 === 0 ? ['pci', 'batch'] : [],
    },
    observation: { kind: 'present', at: asOf, details: said },
    history: historyOf(at, said, waived.has(keyId) ? seasonal : undefined),
  };
}

const scopes = ['customers:read', 'charges:read', 'charges:write', 'refunds:read'];

function detailsOf(at: number): KeyDetails {
  return {
    name: at % 20 === 0 ? `Key ${at}` : `team-${at % 40}-key-${at}`,
    type: at % 7 === 0 ? 'public' : 'secret',
    scopes: scopes.slice(0, 1 + (at % 4)),
    createdOn: new Date(asOf.getTime() - (at % 120) * day),
    lastUsed: at % 11 === 0 ? null : new Date(asOf.getTime() - (at % 60) * day),
    lastFour: '7dc0',
  };
}

/** Like the night before, but some keys had other scopes, were dormant, or have an open event. */
function historyOf(at: number, said: KeyDetails, waiver: string | undefined): History {
  const digest = digestKey({ type: said.type, scopes: readScopes(said.scopes) }) ?? '';
  const event = { now: [], past: ['lastFour changed from "0000" to "7dc0"'] };
  return {
    lastUsed: at % 100 === 1 ? new Date(asOf.getTime() - 90 * day) : said.lastUsed,
    lastUsedAt: new Date(asOf.getTime() - day),
    createdOn: said.createdOn,
    type: said.type,
    lastFour: said.lastFour,
    firstScopes: at % 25 === 0 ? scopes.slice(0, 1) : [...(said.scopes ?? [])],
    knownAt: new Date(asOf.getTime() - day),
    openEvents: at % 100 === 2 ? new Map([['impossible', event]]) : noHistory.openEvents,
    waived: waiver === undefined ? noHistory.waived : new Map([[waiver, { digest, void: false }]]),
  };
}

function judgeAll(cases: readonly Case[], policy: Policy): number {
  const compiled = compilePolicy(policy);
  let failed = 0;
  for (const { key, observation, history } of cases) {
    const judged = evaluate({ observation, key, policy: compiled, asOf, usageLagMs: 0, history });
    if (judged.verdict === 'fail') failed += 1;
  }
  return failed;
}

export const bench = defineBench({
  name: 'policy',
  about: 'keys judged per second, with twelve rules and with history',
  options: {
    keys: count(20_000, 'different keys'),
    rounds: count(15, 'times that all are judged'),
  },
  aims: () => ({ 'keys judged': atLeast(400_000) }),
  async run({ keys, rounds: times }) {
    const waived = Array.from(
      { length: Math.min(200, keys / 100) },
      (_, at) => `key_${at * 100 + 50}`,
    );
    const policy = readPolicy(waived);
    const seasonal = hashWaiver(policy.waivers[0] as Waiver);
    const cases = Array.from({ length: keys }, (_, at) => aCase(at, new Set(waived), seasonal));
    for (let warmUp = 0; warmUp < 5; warmUp += 1) judgeAll(cases, policy);
    const rates: number[] = [];
    let failed = 0;
    for (let round = 0; round < times; round += 1) {
      const began = process.cpuUsage();
      failed = judgeAll(cases, policy);
      const { user, system } = process.cpuUsage(began);
      rates.push((keys / (user + system)) * 1e6);
    }
    const beside = `${policy.rules.length} rules, ${policy.waivers.length} waivers; ${failed} keys fail`;
    return [overRounds({ name: 'keys judged', unit: 'keys/s', beside }, rates)];
  },
});
