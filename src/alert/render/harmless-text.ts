import { showHidden } from '../../report/safe-text.ts';

/** Invisible characters that `showHidden` leaves in, such as the Hangul filler. */
export const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Characters that chat programs may act on. A forged link or mention needs one of them, however the
 * program reads the rest. Untrusted text stays readable without them.
 */
const tricks: readonly (readonly [RegExp, string])[] = [
  // Slack's links and mentions, the <at> of Teams.
  [/</g, '‹'],
  [/>/g, '›'],
  // Keeps programs from linking bare addresses.
  [/:\/\//g, '[:]//'],
  [/\bwww\./gi, 'www[.]'],
  [/\b(mailto|tel):/gi, '$1[:]'],
  [/@(?=here|channel|everyone|group)/gi, '＠'],
  // Adaptive Cards expand {{DATE(…)}}, and their templates expand ${…}.
  [/\{(?=\{)/g, '{ '],
  [/\$(?=\{)/g, '$ '],
];

/**
 * Makes untrusted text safe for one line of a chat message: hidden characters shown, no links or
 * mentions, at most `most` characters; cut text ends in `…`. Formatting (`*`, `_`, backticks)
 * stays, because the text goes only where it is not interpreted.
 */
export function harmlessText(text: string, most: number): string {
  const start = text.length > most ? cut(text, most) : text;
  const shown = showHidden(start).replace(unseen, '');
  const harmless = defuse(shown);
  return start === text && harmless.length <= most ? harmless : `${cut(harmless, most - 1)}…`;
}

/** For joined texts: two harmless texts may form a link or a mention where they meet. */
export function defuse(text: string): string {
  return tricks.reduce((some, [trick, instead]) => some.replace(trick, instead), text);
}

/** An unpaired surrogate at the end would be shown as an escape. */
function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}
