import { harmlessText } from './harmless-text.ts';

/** A dot between a name and a possible end of a host. */
const dots = /(?<=[\p{L}\p{N}_-])\.(?=\p{L}{2})/gu;

/**
 * Makes untrusted text safe for the title of an incident, at most `most` characters long. It is as
 * harmless as in a chat message. Hosts are defanged, `evil[.]example`, because phones turn bare
 * hosts in titles into links.
 */
export function defang(text: string, most: number): string {
  const harmless = harmlessText(text, most).replace(dots, '[.]');
  return harmless.length <= most ? harmless : harmlessText(harmless, most);
}
