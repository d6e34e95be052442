const nul = String.fromCharCode(0);
// With the `u` flag only a surrogate without its partner is of this category.
const loneSurrogates = /\p{Cs}/gu;

/**
 * Text as the database takes it: U+0000 and lone surrogates, which PostgreSQL refuses in `text` and
 * `jsonb`, become visible escapes such as `\u0000` and `\ud800`. All else stays as it is. A vendor
 * who sends the six characters `\u0000` themselves gets the same text: the two are not told apart.
 */
export function escapeText(text: string): string {
  return text
    .replaceAll(nul, '\\u0000')
    .replace(loneSurrogates, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}
