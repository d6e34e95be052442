/**
 * Controls, line breaks, marks of direction, invisible and private characters, and unpaired
 * surrogates. The ranges are fixed, because each version of Node knows another Unicode, and all of
 * them must make the same bytes.
 */
const unsafeRanges: readonly (readonly [first: number, last: number])[] = [
  ...([
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0xad, 0xad],
    [0x034f, 0x034f],
    [0x061c, 0x061c],
  ] as const),
  ...([
    [0x115f, 0x1160],
    [0x17b4, 0x17b5],
    [0x180b, 0x180f],
    [0x200b, 0x200f],
  ] as const),
  ...([
    [0x2028, 0x202e],
    [0x2060, 0x206f],
    [0x3164, 0x3164],
    [0xd800, 0xf8ff],
  ] as const),
  ...([
    [0xfeff, 0xfeff],
    [0xffa0, 0xffa0],
    [0xfff0, 0xffff],
    [0xe0000, 0x10ffff],
  ] as const),
];

const hex = (codePoint: number) => `\\u{${codePoint.toString(16)}}`;
const unsafe = new RegExp(
  `[${unsafeRanges.map(([first, last]) => `${hex(first)}-${hex(last)}`).join('')}]`,
  'gu',
);

const longest = 1_000;

/** Makes untrusted text harmless for one line, and cuts it to 1,000 characters. */
export function stableText(text: string): string {
  const shown = text.slice(0, longest + 1).replace(unsafe, (one) => hex(one.codePointAt(0) ?? 0));
  if (shown.length <= longest) return shown;
  return `${shown.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
}
