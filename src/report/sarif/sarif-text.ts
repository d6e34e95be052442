import { shortenText } from '../safe-text.ts';

/**
 * Escapes untrusted text for a SARIF message: braces (placeholders) are doubled and brackets
 * (links) are escaped, as sections 3.11.5 and 3.11.6 of the specification require.
 */
export function sarifText(text: string): string {
  return shortenText(text, 1_000)
    .replace(/[{}]/g, '$&$&')
    .replace(/[\\[\]]/g, '\\$&');
}
