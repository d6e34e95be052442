import { harmlessText } from './harmless-text.ts';

/** What stands between a name and what might be the end of a host. */
const dots = /(?<=[\p{L}\p{N}_-])\.(?=\p{L}{2})/gu;

/**
 * Text of a stranger for the title of an incident, harmless as in a chat message, and more: titles
 * are sent to phones, which make links of bare hosts as well. These are written as security people
 * write them, `evil[.]example`. At most so many characters.
 */
export function defang(text: string, most: number): string {
  const harmless = harmlessText(text, most).replace(dots, '[.]');
  return harmless.length <= most ? harmless : harmlessText(harmless, most);
}
