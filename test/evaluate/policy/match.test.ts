import { describe, expect, test } from 'vitest';
import {
  type Applies,
  applies,
  compileMatch,
  type Matchable,
} from '../../../src/evaluate/policy/match.ts';
import type { Match } from '../../../src/evaluate/policy/match-schema.ts';
import { readScopes } from '../../../src/evaluate/scope.ts';

function answer(match: Match | undefined, difference: Partial<Matchable> = {}): Applies {
  return applies(compileMatch(match), {
    source: 'prod',
    environment: 'production',
    owner: 'payments',
    tags: ['pci', 'team:checkout'],
    type: 'secret',
    scopes: readScopes(['charges:read', 'Refunds:Write']),
    ...difference,
  });
}

const yes = { answer: 'yes' };
const no = { answer: 'no' };

describe('match', () => {
  test('applies to every key if it is empty or absent', () => {
    expect(answer(undefined)).toEqual(yes);
    expect(answer({})).toEqual(yes);
  });

  test.each<[Match, Match]>([
    [{ source: ['p*'] }, { source: ['staging'] }],
    [{ environment: ['x', 'production'] }, { environment: ['prod'] }],
    [{ owner: ['pay*'] }, { owner: ['Payments'] }],
    [{ type: ['secret'] }, { type: ['public', 'tokenization'] }],
    [{ tags: ['team:*'] }, { tags: ['team'] }],
    [{ scope: ['*:write'] }, { scope: ['*:delete'] }],
  ])('%j applies, %j does not', (fits, misses) => {
    expect(answer(fits)).toEqual(yes);
    expect(answer(misses)).toEqual(no);
  });

  test('requires every field that is given', () => {
    expect(answer({ source: ['prod'], owner: ['payments'] })).toEqual(yes);
    expect(answer({ source: ['prod'], owner: ['risk'] })).toEqual(no);
  });

  test('an empty list matches nothing', () => {
    expect(answer({ type: [] })).toEqual(no);
  });

  test('a key without an owner or environment matches not even *', () => {
    expect(answer({ owner: ['*'] }, { owner: null })).toEqual(no);
    expect(answer({ environment: ['*'] }, { environment: null })).toEqual(no);
    expect(answer({ tags: ['*'] }, { tags: [] })).toEqual(no);
  });

  test('an unreadable field makes it unknown, and names the field', () => {
    expect(answer({ type: ['secret'] }, { type: undefined })).toEqual({
      answer: 'unknown',
      field: 'type',
    });
    expect(answer({ scope: ['*'] }, { scopes: undefined })).toEqual({
      answer: 'unknown',
      field: 'scopes',
    });
  });

  test('a readable field that does not match decides, whatever is unreadable', () => {
    const unreadable = { type: undefined, scopes: undefined };
    expect(answer({ type: ['secret'], owner: ['risk'] }, unreadable)).toEqual(no);
    expect(answer({ type: ['secret'], scope: ['zzz'] }, { type: undefined })).toEqual(no);
    expect(answer({ type: ['secret'], owner: ['payments'] }, unreadable).answer).toBe('unknown');
  });

  test('a wildcard scope matches if it covers a scope that the pattern matches', () => {
    expect(answer({ scope: ['*:write'] }, { scopes: readScopes(['charges:*']) })).toEqual(yes);
  });
});
