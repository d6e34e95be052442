import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createReviewLinks, hasUnsignedLink, unsignedLink } from '../../src/alert/review-links.ts';

const site = 'https://k.example/keys/';
const links = createReviewLinks('a-key-of-more-than-32-characters-0123', site);
const id = randomUUID();
const partOf = (address: string) => address.split('/').at(-1) ?? '';

test('an address is signed wherever it stands, and leads back to its link', () => {
  const unsigned = unsignedLink(site, id);
  expect(unsigned).toBe(`https://k.example/keys/reviews/link/${id}.unsigned`);
  expect(hasUnsignedLink(`see ${unsigned}`)).toBe(true);
  const signed = links.sign(`<a href="${unsigned}">${unsigned}</a>\n${unsigned}`);
  expect(hasUnsignedLink(signed)).toBe(false);
  const addresses = signed.match(/https:[^"<\n]+/g) ?? [];
  expect(new Set(addresses).size).toBe(1);
  expect(addresses).toHaveLength(3);
  expect(links.read(partOf(addresses[0] ?? ''))).toBe(id);
});

test('addresses of other sites and other texts stay as they are', () => {
  for (const text of [
    `https://evil.example/reviews/link/${id}.unsigned`,
    `https://k.example/keys.evil/reviews/link/${id}.unsigned`,
    `https://kxexample/keys/reviews/link/${id}.unsigned`,
    `https://k.example/keys/reviews/link/${id}.unsigned-too`,
    `https://k.example/keys/reviews/link/not-an-id.unsigned`,
  ]) {
    expect(links.sign(text)).toBe(text);
  }
});

test('what another key signed, or somebody changed, is no link', () => {
  const part = partOf(links.sign(unsignedLink(site, id)));
  const [, mac = ''] = part.split('.');
  const others = createReviewLinks('another-key-of-more-than-32-characters', site);
  expect(others.read(part)).toBeUndefined();
  const wrong = [
    ...['', id, `${id}.`, `${id}.unsigned`, `${id}.${mac}x`, `${id}.${mac.slice(1)}`],
    `${randomUUID()}.${mac}`,
    `${id.toUpperCase()}.${mac}`,
    `${id}.${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`,
    `x${part}`,
  ];
  // The last two bits of the last letter belong to no byte: a link has one form all the same.
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = letters.indexOf(mac.at(-1) ?? '');
  for (const bits of [1, 2, 3]) wrong.push(part.slice(0, -1) + letters[last ^ bits]);
  expect(wrong.map((one) => links.read(one))).toEqual(wrong.map(() => undefined));
});
