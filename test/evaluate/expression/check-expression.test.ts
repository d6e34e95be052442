import { describe, expect, test } from 'vitest';
import { checkExpression } from '../../../src/evaluate/expression/check-expression.ts';
import { fields } from '../../../src/evaluate/expression/fields.ts';

function faults(when: string): string[] {
  return checkExpression(when).map(({ offset, message }) => `${offset} ${message}`);
}

describe('allowed is', () => {
  test.each([
    'true',
    'key.idleDays + 1 > 2 * key.ageDays - 3',
    'key.ageDays / 7 % 2 == 0 || -key.idleDays < 0',
    'key.idleDays > 1.5',
    'key.name.startsWith(key.environment + "-")',
    'key.type in ["secret", "restricted"]',
    'key.scopes.filter(s, s.contains(":")).size() >= 3',
    'size(key.tags) > 2 && size(key.name) < 40',
    'key.scopes.all(s, key.tags.exists(t, s == t)) && key.tags.exists_one(t, t == "pci")',
    '(key.neverUsed ? key.ageDays : key.idleDays) > 30',
    "r'a\\b' != key.name // raw",
    '["a", "b"].exists(s, s in key.scopes)',
    `${'('.repeat(31)}true${')'.repeat(31)}`,
  ])('%s', (when) => expect(faults(when)).toEqual([]));

  test('every field, by its own type', () => {
    const ways = { string: '== ""', int: '== 0', bool: '== true', 'list<string>': '.size() == 0' };
    for (const [name, { type }] of Object.entries(fields)) {
      expect(faults(`key.${name} ${ways[type]}`.replace(' .', '.'))).toEqual([]);
    }
  });
});

describe('refused is', () => {
  test.each([
    // What does not end soon, or makes much of little.
    ['key.name.matches("(a+)+$")', /^9 matches\(\) is not allowed/],
    ['key.scopes.map(s, s + s).size() > 0', /^11 map\(\) is not allowed/],
    ['key.name.split("").size() > 0', /^9 split\(\) is not allowed/],
    ['key.scopes.join(",") == ""', /^11 join\(\) is not allowed/],
    ['cel.bind(x, key.name, x == "")', /^0 there is no cel/],
    ['timestamp("2026-01-01T00:00:00Z") == timestamp("")', /^0 timestamp\(\) is not allowed/],
    ['duration("1h") == duration("2h")', /^0 duration\(\) is not allowed/],
    ['string(key.ageDays) == "1"', /^0 string\(\) is not allowed/],
    ['int("1") == 1', /^0 int\(\) is not allowed/],
    ['dyn(1) == 1', /^0 dyn\(\) is not allowed/],
    ['type(1) == int', /^0 type\(\) is not allowed/],
    ['{"a": 1}.size() == 1', /^0 this is not allowed here/],
    ['b"a" == b"a"', /^\d only texts, numbers, true and false can be written here/],
    ['1u == 1u', /^0 only texts, numbers/],
    ['9223372036854775808 > key.ageDays', /^0 this number is too large/],
    // What would be always the same, and nobody would know.
    ['has(key.owner)', /^0 has\(\) is not allowed/],
    ['key.owner == null', /^13 nothing is ever null here/],
    ['"charges:Write" in key.scopes', /^0 scopes are compared in lower case/],
    ['key.scopes.exists(s, s == "A:b")', /^26 scopes are compared in lower case/],
    ['key.scopes.exists(s, s.endsWith(":Write"))', /^32 scopes are compared in lower case/],
    ['key.scopes.exists(s, s in ["a", "B"])', /^32 scopes are compared in lower case/],
    // What hangs on the order of scopes.
    ['key.scopes[0] == "a"', /^0 the order of a list means nothing/],
    ['key.scopes == ["a"]', /^0 lists can only be asked with in, size/],
    ['(key.scopes + key.tags).size() > 0', /^\d lists can only be asked/],
    // What would hide a list in a list from its price.
    ['[key.scopes].exists(l, l.exists(s, true))', /^0 a list within a list is not allowed/],
    ['[[1]].exists(l, l == [1])', /^0 a list within a list is not allowed/],
    // What is not there.
    ['key', /^0 key can only be used with one of its fields/],
    ['key.constructor == ""', /^4 key has no constructor; it has id, name/],
    ['key.__proto__ == ""', /^4 key has no __proto__/],
    ['key["type"] == ""', /^0 key can only be used/],
    ['owner == ""', /^0 there is no owner; an expression can use key/],
    ['key.scopes.exists(key, key == "a")', /^18 key is taken/],
    ['key.scopes.exists(s, true) && s == "a"', /^30 there is no s/],
    ['key.name.constructor() == ""', /^9 constructor\(\) is not allowed/],
    ['key.name.toString() == ""', /^9 toString\(\) is not allowed/],
    // Types.
    ['key.ageDays', /^0 must come to true or false, not to a int/],
    ['key.ageDays == "1"', /no such overload: int == string/],
    ['key.ageDays == 1.0', /no such overload: int == double/],
    ['key.name.startsWith(1)', /no matching overload/],
    ['key.name && true', /Logical operator requires bool operands/],
    ['key.name.exists(s, true)', /cannot be range of a comprehension|no matching overload/],
    ['key.scopes.all(s, s)', /predicate must return bool/],
    ['key.scopes.contains("a")', /no matching overload/],
    ['true ? 1 : "a"', /must have the same type/],
    // Grammar.
    ['', /^0 ends too early/],
    ['key.name ==', /^11 ends too early/],
    ['"open', /^0 is not valid CEL here: Unterminated string/],
    ['key.name = "a"', /^9 is not valid CEL here: Unexpected character: =/],
    ['key.scopes.exists("s", true)', /is not valid CEL here/],
    ['a.b.c.in.d', /is not valid CEL here/],
  ])('%s', (when, words) => {
    const told = faults(when);
    expect(told[0]).toMatch(words);
    expect(told.join('\n')).not.toMatch(/\n.*(undefined|\[object)/);
  });

  test.each([
    ['brackets', (n: number) => `${'('.repeat(n)}true${')'.repeat(n)}`, 31],
    ['loops', (n: number) => `${'["a"].exists(s, '.repeat(n)}true${')'.repeat(n)}`, 15],
    ['negations', (n: number) => `${'!'.repeat(n)}true`, 499],
    ['entries', (n: number) => `"a" in [${'"b",'.repeat(n)}]`, 200],
  ])('more %s than the limit', (_name, of, most) => {
    expect(faults(of(most))).toEqual([]);
    expect(faults(of(most + 1))).toEqual([
      expect.stringMatching(/^\d+ is too long or too deeply nested here$/),
    ]);
  });
});
