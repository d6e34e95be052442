import { shortenText } from '../../../report/safe-text.ts';
import { unseen } from '../harmless-text.ts';

/** Our own words and file names also contain dots. These are not top-level domains. */
const ours =
  'changed|incomplete|missed|anomaly|recovered|failed|allowPrivateNetworks|csv|ya?ml|json';

/**
 * Where mail programs detect links, in text and in HTML alike: before `//` or `\\`, after `mailto`
 * and similar schemes, at the `@` of an address, at the dot before a possible top-level domain, and
 * at a network share.
 */
const linkMaking = new RegExp(
  [
    String.raw`:(?=[/\\]{2})`,
    String.raw`(?<=\b(?:mailto|tel|sms|file)):`,
    String.raw`(?<=\S)@(?=\S)`,
    String.raw`(?<=\S)[.。．｡](?=\p{L}[\p{L}\p{M}\p{N}-])(?!(?:${ours})(?![\p{L}\p{N}.-]))`,
    String.raw`\\(?=\\)`,
  ].join('|'),
  'giu',
);

/**
 * Makes untrusted text safe for a mail: on one line, cut, with hidden characters shown, and without
 * anything that a mail program would turn into a link. `https://evil.example` becomes
 * `https[:]//evil[.]example`.
 */
export function inertWords(text: string, most: number): string {
  return shortenText(text, most).replace(unseen, '').replace(linkMaking, '[$&]');
}
