import { cutText } from '../../../report/safe-text.ts';

/**
 * Where mail programs find links by themselves, in text and in HTML alike: before `//` or `\\`, at
 * the `@` of an address, at the dot before what could be a top-level domain, at a share.
 */
const linkMaking = /:(?=[/\\]{2})|(?<=\S)@(?=\S)|(?<=\S)[.。．｡](?=\p{L}{2})|\\(?=\\)/gu;

/**
 * Text of a stranger for a mail: on one line, cut, nothing hidden, and nothing that a mail program
 * would turn into a link; `https://evil.example` is shown as `https[:]//evil[.]example`.
 */
export function inertWords(text: string, most: number): string {
  return cutText(text, most).replace(linkMaking, '[$&]');
}
