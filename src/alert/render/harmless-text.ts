import { showHidden } from '../../report/safe-text.ts';

/** What `showHidden` lets pass and nobody sees, such as the Hangul filler. */
export const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * What chat programs may act on. A forged link or mention needs one of these, whatever the program
 * makes of the rest; a stranger's text keeps its sense without them.
 */
const tricks: readonly (readonly [RegExp, string])[] = [
  // Slack's links and mentions, the <at> of Teams.
  [/</g, '‹'],
  [/>/g, '›'],
  // Programs that make links of bare addresses find none.
  [/:\/\//g, '[:]//'],
  [/\bwww\./gi, 'www[.]'],
  [/\b(mailto|tel):/gi, '$1[:]'],
  [/@(?=here|channel|everyone|group)/gi, '＠'],
  // Adaptive Cards expand {{DATE(…)}}, and templates of them ${…}.
  [/\{(?=\{)/g, '{ '],
  [/\$(?=\{)/g, '$ '],
];

/**
 * A stranger's text for one line of a chat message: on one line, nothing hidden, without links and
 * mentions, at most `most` characters; a cut text ends in `…`. Formatting (`*`, `_`, backticks)
 * is left in: it goes where none is understood.
 */
export function harmlessText(text: string, most: number): string {
  const start = text.length > most ? cut(text, most) : text;
  const shown = showHidden(start).replace(unseen, '');
  const harmless = defuse(shown);
  return start === text && harmless.length <= most ? harmless : `${cut(harmless, most - 1)}…`;
}

/** For texts put together: two harmless ones may make a trick where they meet. */
export function defuse(text: string): string {
  return tricks.reduce((some, [trick, instead]) => some.replace(trick, instead), text);
}

/** Half of a pair at the end would be shown as what it is. */
function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}
