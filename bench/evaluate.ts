/**
 * Keys judged a second on one core, through twelve rules. The aim is 200,000.
 * Prints one line of JSON; `--keys N` sets how many different keys there are (default 20,000).
 */
import { parseArgs } from 'node:util';
import { compilePolicy } from '../src/evaluate/compile-policy.ts';
import { evaluate } from '../src/evaluate/evaluate.ts';
import { noHistory } from '../src/evaluate/history.ts';
import type { Policy } from '../src/evaluate/policy.ts';
import type { Observation } from '../src/keys/observation.ts';
import type { TrackedKey } from '../src/keys/tracked-key.ts';

const day = 86_400_000;
const asOf = new Date('2026-11-23T02:30:00Z');
const aim = 200_000;

interface Case {
  readonly key: TrackedKey;
  readonly observation: Observation;
}

function shared(id: string): { id: string; severity: 'high'; controls: string[] } {
  return { id, severity: 'high', controls: [] };
}

function twelveRules(): Policy {
  return {
    version: 'bench',
    waivers: [],
    rules: [
      { ...shared('stale-45'), type: 'stale', after: 45 * day },
      {
        ...shared('stale-prod'),
        type: 'stale',
        after: 30 * day,
        match: { environment: ['production'] },
      },
      { ...shared('never-used'), type: 'never-used', grace: 14 * day },
      { ...shared('too-old'), type: 'too-old', after: 90 * day },
      { ...shared('too-old-pci'), type: 'too-old', after: 30 * day, match: { tags: ['pci*'] } },
      {
        ...shared('scopes'),
        type: 'over-scoped',
        allow: ['customers:*', 'charges:*'],
        forbid: ['*:admin'],
      },
      {
        ...shared('no-write'),
        type: 'over-scoped',
        forbid: ['*:write'],
        match: { owner: ['team-1*'] },
      },
      {
        ...shared('public'),
        type: 'over-scoped',
        allow: [],
        match: { type: ['public', 'tokenization'] },
      },
      { ...shared('writers'), type: 'too-old', after: 60 * day, match: { scope: ['*:write'] } },
      { ...shared('gone'), type: 'missing' },
      { ...shared('owner'), type: 'unowned' },
      { ...shared('owner-prod'), type: 'unowned', match: { source: ['*-prod'] } },
    ],
  };
}

function aCase(at: number): Case {
  const scopes = ['customers:read', 'charges:read', 'charges:write', 'refunds:read'];
  return {
    key: {
      source: at % 2 === 0 ? 'flexcharge-prod' : 'flexcharge-sandbox',
      keyId: `key_${at}`,
      owner: at % 50 === 0 ? null : `team-${at % 40}`,
      environment: at % 2 === 0 ? 'production' : 'sandbox',
      approvedScopes: at % 3 === 0 ? scopes.slice(0, 3) : null,
      tags: at % 5 === 0 ? ['pci', 'batch'] : [],
    },
    observation: {
      kind: 'present',
      at: asOf,
      details: {
        name: `Key ${at}`,
        type: at % 7 === 0 ? 'public' : 'secret',
        scopes: scopes.slice(0, 1 + (at % 4)),
        createdOn: new Date(asOf.getTime() - (at % 120) * day),
        lastUsed: at % 11 === 0 ? null : new Date(asOf.getTime() - (at % 60) * day),
        lastFour: '7dc0',
      },
    },
  };
}

function judgeAll(cases: readonly Case[], policy: Policy): number {
  const compiled = compilePolicy(policy);
  const rest = { usageLagMs: 0, history: noHistory };
  let failed = 0;
  for (const { key, observation } of cases) {
    const judged = evaluate({ observation, key, policy: compiled, asOf, ...rest });
    if (judged.verdict === 'fail') failed += 1;
  }
  return failed;
}

const { values } = parseArgs({ options: { keys: { type: 'string', default: '20000' } } });
const cases = Array.from({ length: Number(values.keys) }, (_, at) => aCase(at));
const policy = twelveRules();
for (let warmUp = 0; warmUp < 5; warmUp += 1) judgeAll(cases, policy);

const rounds = 15;
const rates: number[] = [];
let failed = 0;
for (let round = 0; round < rounds; round += 1) {
  const began = performance.now();
  failed = judgeAll(cases, policy);
  rates.push((cases.length / (performance.now() - began)) * 1_000);
}
rates.sort((a, b) => a - b);
const median = Math.round(rates[Math.floor(rounds / 2)] ?? 0);
console.log(
  JSON.stringify({
    bench: 'evaluate',
    keys: cases.length,
    rules: policy.rules.length,
    failed,
    keysPerSecond: median,
    worst: Math.round(rates[0] ?? 0),
    aim,
    reached: median >= aim,
  }),
);
process.exitCode = median >= aim ? 0 : 1;
