import { harmlessText } from './harmless-text.ts';

/** What stands between a name and what might be the end of a host. */
const dots = /(?<=[\p{L}\p{N}_-])\.(?=\p{L}{2})/gu;

/**
 * A stranger's text for the title of an incident. It is as harmless as in a chat message, and hosts
 * are written as security people write them, `evil[.]example`: titles are sent to phones, which make
 * links of bare hosts. At most `most` characters.
 */
export function defang(text: string, most: number): string {
  const harmless = harmlessText(text, most).replace(dots, '[.]');
  return harmless.length <= most ? harmless : harmlessText(harmless, most);
}
