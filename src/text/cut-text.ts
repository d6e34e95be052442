/** Text for a fact, at most so long and `…`; never cuts a pair in half: the database refuses that. */
export function cutText(text: string, longest = 200): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
}
