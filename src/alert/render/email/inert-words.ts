import { shortenText } from '../../../report/safe-text.ts';
import { unseen } from '../harmless-text.ts';

/** Words of ours and names of files have dots too. None of these is a top-level domain. */
const ours =
  'changed|incomplete|missed|anomaly|recovered|failed|allowPrivateNetworks|csv|ya?ml|json';

/**
 * Where mail programs find links by themselves, in text and in HTML alike: before `//` or `\\`,
 * after `mailto` and the like, at the `@` of an address, at the dot before what could be a top-level
 * domain, at a share.
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
 * Text of a stranger for a mail: on one line, cut, nothing hidden, and nothing that a mail program
 * would turn into a link; `https://evil.example` is shown as `https[:]//evil[.]example`.
 */
export function inertWords(text: string, most: number): string {
  return shortenText(text, most).replace(unseen, '').replace(linkMaking, '[$&]');
}
