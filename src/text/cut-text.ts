/** Cuts text for a fact. Never splits a surrogate pair: the database refuses half of one. */
export function cutText(text: string, longest = 200): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
}
