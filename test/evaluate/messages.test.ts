import { describe, expect, test } from 'vitest';
import { messageOf } from '../../src/evaluate/messages.ts';

describe('the sentence for', () => {
  test('a stale key gives the idle time and the limit', () => {
    expect(messageOf('stale', { idleDays: 61, allowedDays: 45 })).toBe(
      'not used for 61 days; the limit is 45 days',
    );
  });

  test('a key never used and stale counts from its creation', () => {
    const facts = { idleDays: 61, allowedDays: 45, countedFrom: 'createdOn' };
    expect(messageOf('stale', facts)).toBe(
      'never used since it was created 61 days ago; the limit is 45 days',
    );
  });

  test('a limit under a day is given in hours or minutes', () => {
    expect(messageOf('stale', { idleDays: 0.75, allowedDays: 0.5 })).toBe(
      'not used for 18 hours; the limit is 12 hours',
    );
    expect(messageOf('never-used', { ageDays: 1.5, graceDays: 0.0208 })).toBe(
      'never used since it was created 1.5 days ago; the grace is 30 minutes',
    );
  });

  test('a key just over its limit reads as over the limit', () => {
    expect(messageOf('too-old', { ageDays: 90, allowedDays: 90 })).toBe(
      'over 90 days old; at most 90 days is allowed',
    );
    expect(messageOf('too-old', { ageDays: 1, allowedDays: 0.5 })).toBe(
      '1 day old; at most 12 hours is allowed',
    );
  });

  test('an over-scoped key groups scopes by what is wrong with them', () => {
    expect(messageOf('over-scoped', { forbidden: ['a:write'], notApproved: ['b', 'c'] })).toBe(
      'forbidden: a:write; not approved in the inventory: b, c',
    );
  });

  test('many scopes are counted beyond the first ones', () => {
    const notAllowed = Array.from({ length: 100 }, (_, i) => `s${i}`);
    expect(messageOf('over-scoped', { notAllowed, notAllowedCount: 10_000 })).toBe(
      'not allowed: s0, s1, s2, s3, s4 and 9995 more',
    );
  });

  test('a missing and an unowned key need no facts', () => {
    expect(messageOf('missing', {})).toBe('the vendor knows no such key');
    expect(messageOf('unowned', {})).toBe('nobody is named as its owner in the inventory');
  });

  test('a key with new scopes says what they are compared with, and which scopes are gone', () => {
    expect(messageOf('scope-drift', { since: 'approved', added: ['a:write'] })).toBe(
      'added to the scopes approved: a:write',
    );
    const facts = { since: 'first-seen', added: ['a:write', 'b'], removed: ['a:read'] };
    expect(messageOf('scope-drift', facts)).toBe(
      'added to the scopes first seen: a:write, b; gone: a:read',
    );
  });

  test('a reawakened key says how long it was idle', () => {
    expect(messageOf('reawakened', { idleDays: 61, dormantDays: 60 })).toBe(
      'used again after 61 days without use; it counts as dormant from 60 days on',
    );
  });

  test('impossible metadata lists contradictions of now and of the past', () => {
    const facts = { now: ['lastUsed is before createdOn'], past: ['type changed from "a" to "b"'] };
    expect(messageOf('impossible-metadata', facts)).toBe(
      'lastUsed is before createdOn; type changed from "a" to "b"',
    );
  });

  test('a key that stays unknown says for how long', () => {
    expect(messageOf('unaudited', { unknownDays: 15, allowedDays: 14 })).toBe(
      'nothing could be learned of it for 15 days; the limit is 14 days',
    );
  });

  test('a misnamed key shows its name and the pattern', () => {
    expect(messageOf('naming', { name: 'Checkout', pattern: 'prod-*' })).toBe(
      'its name is not as prod-* has it: Checkout',
    );
    expect(messageOf('naming', { name: '', pattern: 'prod-*' })).toBe(
      'it has no name; names are to be as prod-*',
    );
  });
});
