// What an expression costs: evaluations per second of an ordinary one, and the slowest evaluation of
// expressions that are made to be slow but stay within the limit. In processor time.
import { compileExpression } from '../../src/evaluate/expression/compile-expression.ts';
import { noHistory } from '../../src/evaluate/history/history.ts';
import type { Subject } from '../../src/evaluate/rule.ts';
import { readScopes } from '../../src/evaluate/scope.ts';
import { atLeast, under } from '../support/aim.ts';
import { defineBench } from '../support/define-bench.ts';
import { count } from '../support/option.ts';

const day = 86_400_000;
const asOf = Date.parse('2026-11-23T02:30:00Z');

function aKey(difference: Partial<Subject> = {}): Subject {
  return {
    source: 'prod',
    keyId: 'key_1',
    environment: 'production',
    owner: 'payments',
    tags: ['pci'],
    name: 'Checkout',
    type: 'secret',
    scopes: readScopes(['customers:read', 'charges:read', 'refunds:read', 'charges:write']),
    approvedScopes: null,
    lastFour: '7dc0',
    exists: true,
    createdOn: asOf - 90 * day,
    lastUsed: asOf - 40 * day,
    observedAt: asOf,
    asOf,
    usageLagMs: 0,
    neverUsed: [],
    history: noHistory,
    ...difference,
  };
}

function scopes(count: number, length = 10): Subject['scopes'] {
  const texts = Array.from({ length: count }, (_, at) => `${'a'.repeat(length)}:${at}`);
  return readScopes(texts);
}

const ordinary =
  'key.type == "secret" && key.idleDays > 30 && key.scopes.exists(s, s.endsWith(":write"))';

/** Processor time of all threads, because other work on the machine must not count. */
function cpuMs(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

function rate(times: number): number {
  const answer = compileExpression(ordinary);
  const key = aKey();
  let best = 0;
  for (let round = 0; round < 10; round += 1) {
    const began = process.cpuUsage();
    for (let at = 0; at < times; at += 1) answer(key);
    best = Math.max(best, (times / cpuMs(began)) * 1_000);
  }
  return Math.round(best);
}

const letters = 'a'.repeat(900);

/** Each has keys that grow until the expression is no longer evaluated. */
const slow: readonly (readonly [when: string, grow: (size: number) => Subject])[] = [
  ['key.scopes.exists(s, s == "a" || s == "b")', (n) => aKey({ scopes: scopes(n) })],
  ['key.scopes.all(s, !key.scopes.exists(t, t + "x" == s))', (n) => aKey({ scopes: scopes(n) })],
  [
    'key.scopes.all(a, key.scopes.all(b, key.scopes.filter(c, c != a && c != b).size() > 0))',
    (n) => aKey({ scopes: scopes(n) }),
  ],
  [
    'key.scopes.exists(s, key.idleDays > 3)',
    (n) => aKey({ scopes: scopes(n), lastUsed: undefined }),
  ],
  [
    'key.scopes.exists(s, key.idleDays > 3 || key.ageDays > 3 || key.neverUsed)',
    (n) => aKey({ scopes: scopes(n), lastUsed: undefined, createdOn: undefined }),
  ],
  [
    'key.scopes.exists(s, key.scopes.exists(t, key.idleDays > 3 && key.idleDays > 4))',
    (n) => aKey({ scopes: scopes(n), lastUsed: undefined }),
  ],
  [
    'key.scopes.exists(s, [9223372036854775807].exists(n, n + n > 0))',
    (n) => aKey({ scopes: scopes(n) }),
  ],
  ['key.scopes.exists(s, 1 / (s.size() - s.size()) > 3)', (n) => aKey({ scopes: scopes(n) })],
  [
    `${'true && '.repeat(240)}key.scopes.exists(s, 9223372036854775807 * key.idleDays > 3)`,
    (n) => aKey({ scopes: scopes(n) }),
  ],
  [
    'key.name.contains(key.owner)',
    (n) => aKey({ name: 'a'.repeat(n * 2), owner: `b${'a'.repeat(n)}` }),
  ],
  [
    'key.name.contains(key.owner)',
    (n) => aKey({ name: 'a'.repeat(n * 2), owner: `${'a'.repeat(n)}b` }),
  ],
  [`key.scopes.exists(s, s.contains("${letters}b"))`, (n) => aKey({ scopes: scopes(n, 900) })],
  [`key.scopes.exists(s, s.contains("b${letters}"))`, (n) => aKey({ scopes: scopes(n, 900) })],
  ['key.scopes.exists(s, s.size() > 9000)', (n) => aKey({ scopes: scopes(n, 200) })],
  ['key.name.lowerAscii().lowerAscii() == "x"', (n) => aKey({ name: 'İ'.repeat(n) })],
  ['key.name.size() == 4', (n) => aKey({ name: '💥'.repeat(n) })],
  [
    'key.scopes.exists(s, s + s + s + s == s + s + s + "x")',
    (n) => aKey({ scopes: scopes(n, 200) }),
  ],
  [`key.scopes.all(s, !(s in [${'"a",'.repeat(190)}]))`, (n) => aKey({ scopes: scopes(n) })],
  [`key.scopes.exists(s, ${'!'.repeat(400)}(s == "x"))`, (n) => aKey({ scopes: scopes(n) })],
  [
    `key.scopes.exists(s, ${'s == "a" || '.repeat(90)}s == "b")`,
    (n) => aKey({ scopes: scopes(n) }),
  ],
  [
    'key.scopes.exists(s, s in key.tags)',
    (n) => aKey({ scopes: scopes(n), tags: Array.from({ length: n }, (_, at) => `${at}`) }),
  ],
  ['key.scopes.exists(s, s < "aaaaaaaaaaaaaaaaaa")', (n) => aKey({ scopes: scopes(n) })],
];

/** The largest key that is still evaluated, and how long that takes (the worst of five). */
function slowest(when: string, grow: (size: number) => Subject) {
  const answer = compileExpression(when);
  const evaluated = (size: number) => {
    const found = answer(grow(size));
    return !(found.is === 'error' && found.why.includes('too much'));
  };
  let size = 1;
  while (size < 1_000_000 && evaluated(size * 2)) size *= 2;
  for (let step = size / 2; step >= 1; step /= 2) if (evaluated(size + step)) size += step;
  const key = grow(size);
  let ms = 0;
  for (let round = 0; round < 5; round += 1) {
    const began = process.cpuUsage();
    answer(key);
    ms = Math.max(ms, cpuMs(began));
  }
  return {
    when: when.length > 70 ? `${when.slice(0, 67)}...` : when,
    size,
    ms: Math.round(ms * 10) / 10,
  };
}

export const bench = defineBench({
  name: 'expression',
  about: 'expressions evaluated per second, and the slowest that are accepted',
  options: { times: count(200_000, 'evaluations of the ordinary one, in each of ten rounds') },
  aims: () => ({ 'ordinary expression': atLeast(300_000), 'slowest accepted': under(50) }),
  async run({ times }) {
    const perSecond = rate(times);
    const found = slow.map(([when, grow]) => slowest(when, grow)).sort((a, b) => b.ms - a.ms);
    return [
      { name: 'ordinary expression', unit: 'evaluations/s', value: perSecond },
      { name: 'slowest accepted', unit: 'ms', value: found[0]?.ms ?? 0 },
      ...found.slice(0, 5).map(({ when, size, ms }) => ({
        ...{ name: `${when}, size ${size}`, unit: 'ms', value: ms },
      })),
    ];
  },
});
