import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../../src/evaluate/expression/compile-expression.ts';
import { parseExpression } from '../../../src/evaluate/expression/language.ts';
import type { Extent } from '../../../src/evaluate/expression/price.ts';
import { survey } from '../../../src/evaluate/expression/survey.ts';
import type { Subject } from '../../../src/evaluate/rule.ts';
import { aSubject, manyScopes } from './subject.ts';

const usual: Extent = { scopes: 4, tags: 2, longestText: 30 };

function steps(when: string, extent: Partial<Extent> = {}): number {
  const parsed = parseExpression(when);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return survey(parsed.program.ast).steps({ ...usual, ...extent });
}

function answer(when: string, difference: Partial<Subject>): string {
  const found = compileExpression(when)(aSubject(difference));
  return found.is === 'error' ? found.why : found.is;
}

const tooMuch = 'the expression costs too much for this key';

describe('a key that is too large for an expression is unknown and takes little time', () => {
  const once = 'key.scopes.exists(s, s.endsWith(":write"))';
  const squared = 'key.scopes.exists(s, key.scopes.exists(t, s == t + "x"))';

  test.each([
    ['ten thousand scopes, each looked at once', once, 10_000, 'false'],
    ['a hundred thousand scopes', once, 100_000, tooMuch],
    ['a hundred scopes, each against each', squared, 100, 'false'],
    ['ten thousand scopes, each against each', squared, 10_000, tooMuch],
  ])('%s', (_name, when, count, found) => {
    expect(answer(when, { scopes: manyScopes(count) })).toBe(found);
  });

  test('tags count as scopes do', () => {
    const tags = Array.from({ length: 1_000 }, (_, at) => `t${at}`);
    expect(answer('key.tags.all(t, t != "x")', { tags })).toBe('true');
    const difference = { tags, scopes: manyScopes(1_000) };
    expect(answer('key.tags.exists(t, t in key.scopes)', difference)).toBe(tooMuch);
  });

  test('a name of a megabyte is compared and searched for a short text, not for half a megabyte', () => {
    const name = 'a'.repeat(1_000_000);
    expect(answer('key.name.startsWith("b") || key.name.contains("test")', { name })).toBe('false');
    const owner = `b${'a'.repeat(500_000)}`;
    expect(answer('key.name.contains(key.owner)', { name, owner })).toBe(tooMuch);
    expect(answer('key.name.size() > 1', { name })).toBe(tooMuch);
  });

  test('an answer that a loop would find early costs no less, so order changes nothing', () => {
    const scopes = manyScopes(10_000);
    expect(answer('key.scopes.exists(s, key.scopes.exists(t, true))', { scopes })).toBe(tooMuch);
  });

  test('an unreadable field makes each round of a loop more expensive', () => {
    const when = 'key.scopes.exists(s, key.idleDays > 3 && s != "a")';
    const scopes = manyScopes(5_000);
    expect(answer(when, { scopes })).toBe('false');
    expect(answer(when, { scopes, lastUsed: undefined })).toBe(tooMuch);
    expect(answer(when, { lastUsed: undefined })).toBe('unreadable');
  });
});

describe('the price of an expression', () => {
  test('grows with the lists it goes through, and with their product when they are nested', () => {
    const flat = 'key.scopes.exists(s, s == "a") || key.tags.exists(t, t == "a")';
    const nested = 'key.scopes.exists(s, key.tags.exists(t, s == t))';
    const large = { scopes: 1_000, tags: 1_000 };
    expect(steps(flat, large)).toBeLessThan(25_000);
    expect(steps(nested, large)).toBeGreaterThan(1_000_000);
    expect(steps(nested, large)).toBeLessThan(20_000_000);
  });

  test.each([
    'key.scopes.filter(s, s != "a").all(s, key.scopes.filter(t, t != s).size() > 0)',
    '[key.name, key.owner].exists(a, [key.name + a, a + a].exists(b, b + b == a))',
    '(key.neverUsed ? key.scopes : key.tags).exists(s, s == "a")',
    'key.name.lowerAscii().lowerAscii().contains(key.owner + key.owner)',
    'key.name in key.tags',
  ])('never falls when the key grows: %s', (when) => {
    const sizes = [0, 1, 10, 100, 1_000];
    for (const field of ['scopes', 'tags', 'longestText'] as const) {
      const prices = sizes.map((size) => steps(when, { [field]: size }));
      expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    }
  });

  test('of arithmetic includes its errors, wherever the numbers come from', () => {
    const plain = 'key.scopes.exists(s, 9223372036854775807 + 1 > 0)';
    const bound = 'key.scopes.exists(s, [9223372036854775807].exists(n, n + 1 > 0))';
    const large = { scopes: 10_000 };
    expect(steps(plain, large)).toBeGreaterThan(1_000_000);
    expect(steps(bound, large)).toBeGreaterThan(1_000_000);
  });

  test('of a choice counts the length of texts even if one of its lists is empty', () => {
    const when = (list: string) => `${list}.exists(s, s.size() > 1)`;
    const long = { scopes: 100, longestText: 10_000 };
    const plain = steps(when('key.scopes'), long);
    expect(steps(when('(key.neverUsed ? [] : key.scopes)'), long)).toBeGreaterThan(plain);
    expect(steps(when('(key.neverUsed ? key.scopes : [])'), long)).toBeGreaterThan(plain);
  });

  test('is computed in time for the worst expression that is allowed', () => {
    const loops = `${'key.scopes.exists(s, '.repeat(10)}true${')'.repeat(10)}`;
    expect(steps(loops, { scopes: 10_000 })).toBeGreaterThan(1e40);
    const joined = `${'key.name + '.repeat(150)}"" == ""`;
    expect(steps(joined, { longestText: 1e6 })).toBeGreaterThan(1e6);
  });
});

test('an expression with faults is not compiled', () => {
  expect(() => compileExpression('key.nope')).toThrow('an expression that was not checked');
});
