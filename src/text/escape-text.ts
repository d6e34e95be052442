const nul = String.fromCharCode(0);
// With the `u` flag, only a surrogate without its partner is in this category.
const loneSurrogates = /\p{Cs}/gu;

/**
 * Text that the database accepts. PostgreSQL refuses U+0000 and lone surrogates in `text` and
 * `jsonb`, so they become visible escapes such as `\u0000` and `\ud800`. All other text stays as it
 * is. When a vendor sends the six characters `\u0000`, the result is the same text.
 */
export function escapeText(text: string): string {
  return text
    .replaceAll(nul, '\\u0000')
    .replace(loneSurrogates, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}
