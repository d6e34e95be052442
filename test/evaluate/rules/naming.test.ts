import { describe, expect, test } from 'vitest';
import { judge, namingRule, present } from '../world.ts';

function judgeName(name: string | undefined, pattern = 'prod-*') {
  return judge([namingRule({ pattern })], present({ name }));
}

describe('naming', () => {
  test('passes a name that the pattern matches as a whole, and fails any other', () => {
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

  test('counts case and space, as people do who read names', () => {
    expect(judgeName('Prod-checkout').verdict).toBe('fail');
    expect(judgeName(' prod-checkout').verdict).toBe('fail');
  });

  test('fails an empty name, unless the pattern matches everything', () => {
    expect(judgeName('').verdict).toBe('fail');
    expect(judgeName('', '*').verdict).toBe('pass');
  });

  test('is unknown if the name is not text', () => {
    expect(judgeName(undefined).unjudged).toEqual([
      { rule: 'names', reason: 'field-unreadable', fields: ['name'], detail: 'name' },
    ]);
    expect(judgeName(undefined, '*').verdict).toBe('unknown');
  });

  test('treats only the star as special', () => {
    expect(judgeName('prodX1', 'prod.[0-9]').verdict).toBe('fail');
    expect(judgeName('prod.[0-9]', 'prod.[0-9]').verdict).toBe('pass');
  });

  test('matches a name of a megabyte against many stars, and shows 200 characters of it', () => {
    const name = 'ab'.repeat(500_000);
    expect(judgeName(`prod-${name}`).verdict).toBe('pass');
    expect(judgeName(name, `${'*a'.repeat(250)}*c`).violations[0]?.facts['name']).toBe(
      `${name.slice(0, 200)}…`,
    );
  });

  test('cuts no surrogate pair in half', () => {
    const told = (name: string) => judgeName(name).violations[0]?.facts['name'];
    expect(told(`${'x'.repeat(199)}\u{1f600}y`)).toBe(`${'x'.repeat(199)}…`);
    expect(told('x'.repeat(200))).toBe('x'.repeat(200));
    expect(told('\ud83d')).toBe('\ud83d');
  });
});
