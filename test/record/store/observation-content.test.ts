import { expect, test } from 'vitest';
import { noDetails } from '../../../src/keys/detail-fields.ts';
import { toContent, toDetails } from '../../../src/record/store/observation-content.ts';

const at = new Date('2026-03-01T00:00:00Z');
const details = {
  name: 'Billing',
  type: 'secret',
  scopes: ['a'],
  createdOn: new Date('2026-01-02T03:04:05.678Z'),
  lastUsed: null,
  lastFour: '51c0',
};
const jsonOf = (changed: object) =>
  toContent({ kind: 'present', at, details: { ...details, ...changed } })?.json ?? '';

/** Content is stored once under its hash: other bytes would be stored again for every key. */
test('content has fixed bytes', () => {
  const said =
    '{"name":"Billing","type":"secret","scopes":["a"],"createdOn":"2026-01-02T03:04:05.678Z","lastFour":"51c0"';
  expect(jsonOf({})).toBe(`${said}}`);
  expect(jsonOf({ lastUsed: at })).toBe(`${said}}`);
  expect(jsonOf({ lastUsed: undefined })).toBe(`${said},"lastUsed":"unreadable"}`);
  expect(jsonOf({ lastUsed: new Date('x') })).toBe(`${said},"lastUsed":"unreadable"}`);
  expect(toContent({ kind: 'present', at, details: noDetails })?.json).toBe(
    '{"lastUsed":"unreadable"}',
  );
  expect(toContent({ kind: 'missing', at })?.json).toBe('{"missing":true}');
});

test('details are restored with the last use of the sweep', () => {
  expect(toDetails(JSON.parse(jsonOf({})), null)).toStrictEqual(details);
  expect(toDetails(JSON.parse(jsonOf({})), at)).toStrictEqual({ ...details, lastUsed: at });
  expect(toDetails(JSON.parse(jsonOf({ lastUsed: undefined })), at).lastUsed).toBeUndefined();
});
