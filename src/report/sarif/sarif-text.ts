import { shortenText } from '../safe-text.ts';

/**
 * Text of a stranger in a message of SARIF, where braces are placeholders and brackets links: the
 * first are doubled and the others escaped, as its specification asks (3.11.5 and 3.11.6).
 */
export function sarifText(text: string): string {
  return shortenText(text, 1_000)
    .replace(/[{}]/g, '$&$&')
    .replace(/[\\[\]]/g, '\\$&');
}
