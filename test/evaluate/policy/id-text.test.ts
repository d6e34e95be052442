import { expect, test } from 'vitest';
import { idText, wrongIdText } from '../../../src/evaluate/policy/id-text.ts';

/** Every character of Unicode that matches. */
function charactersOf(form: RegExp): readonly string[] {
  const all = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code));
  return all.filter((character) => form.test(character));
}

test.each([
  ['control', /\p{Cc}/u, 65],
  ['format', /\p{Cf}/u, 160],
])('no id may hold a %s character', (_kind, form, atLeast) => {
  const characters = charactersOf(form);
  expect(characters.length).toBeGreaterThanOrEqual(atLeast);
  const id = idText(100);
  const taken = characters.filter(
    (one) => id.safeParse(`key${one}1`).success || wrongIdText(`key${one}1`) === undefined,
  );
  expect(taken).toEqual([]);
});
