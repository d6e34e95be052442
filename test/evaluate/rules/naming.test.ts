import { describe, expect, test } from 'vitest';
import { judge, namingRule, present } from '../world.ts';

function judgeName(name: string | undefined, pattern = 'prod-*') {
  return judge([namingRule({ pattern })], present({ name }));
}

describe('naming', () => {
  test('passes a name that the pattern matches whole, and fails one that it does not', () => {
    expect(judgeName('prod-checkout').verdict).toBe('pass');
    expect(judgeName('prod-').verdict).toBe('pass');
    expect(judgeName('preprod-checkout').violations).toEqual([
      {
        rule: 'names',
        facts: { name: 'preprod-checkout', pattern: 'prod-*' },
        waiver: null,
      },
    ]);
  });

  test('minds case and space: a name is read by people who do', () => {
    expect(judgeName('Prod-checkout').verdict).toBe('fail');
    expect(judgeName(' prod-checkout').verdict).toBe('fail');
  });

  test('fails an empty name, which an absent one is too, unless anything will do', () => {
    expect(judgeName('').verdict).toBe('fail');
    expect(judgeName('', '*').verdict).toBe('pass');
  });

  test('is unknown where the name is not text', () => {
    expect(judgeName(undefined).unjudged).toEqual([
      { rule: 'names', reason: 'field-unreadable', fields: ['name'], detail: 'name' },
    ]);
    expect(judgeName(undefined, '*').verdict).toBe('unknown');
  });

  test('takes nothing but the star for special', () => {
    expect(judgeName('prodX1', 'prod.[0-9]').verdict).toBe('fail');
    expect(judgeName('prod.[0-9]', 'prod.[0-9]').verdict).toBe('pass');
  });

  test('looks at all of a name of a megabyte, under many stars, and tells 200 characters', () => {
    const name = 'ab'.repeat(500_000);
    expect(judgeName(`prod-${name}`).verdict).toBe('pass');
    expect(judgeName(name, `${'*a'.repeat(250)}*c`).violations[0]?.facts['name']).toBe(
      `${name.slice(0, 200)}…`,
    );
  });

  test('cuts no pair in half', () => {
    const told = (name: string) => judgeName(name).violations[0]?.facts['name'];
    expect(told(`${'x'.repeat(199)}\u{1f600}y`)).toBe(`${'x'.repeat(199)}…`);
    expect(told('x'.repeat(200))).toBe('x'.repeat(200));
    expect(told('\ud83d')).toBe('\ud83d');
  });
});
