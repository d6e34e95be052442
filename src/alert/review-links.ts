import { createHmac, timingSafeEqual } from 'node:crypto';

/** Below this path, a link of a review is `{id}.{signature}`. */
export const reviewLinkPath = '/reviews/link';

const purpose = 'keysweep review link';
const unsigned = 'unsigned';
const uuid = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}';

/** The address of a link before it is signed. The records hold no more than this. */
export function unsignedLink(publicUrl: string, id: string): string {
  return `${publicUrl.replace(/\/+$/, '')}${reviewLinkPath}/${id}.${unsigned}`;
}

/** Signs the addresses of links in mails, and checks them when they come back. */
export interface ReviewLinks {
  /** A text with the signature in each of our unsigned addresses. */
  sign(text: string): string;
  /** The id of the link whose last part this is; undefined if we did not sign it. */
  read(part: string): string | undefined;
}

/** `key`: a secret. An id is random, so that one who has only the key cannot make a link either. */
export function createReviewLinks(key: string, publicUrl: string): ReviewLinks {
  const mac = (id: string) => createHmac('sha256', key).update(`${purpose}\n${id}`).digest();
  const start = escapeForm(unsignedLink(publicUrl, '').slice(0, -`.${unsigned}`.length));
  const ours = new RegExp(`(${start})(${uuid})\\.${unsigned}(?![\\w-])`, 'g');
  return {
    sign: (text) =>
      text.replace(ours, (_, before: string, id: string) => {
        return `${before}${id}.${mac(id).toString('base64url')}`;
      }),
    read(part) {
      const found = new RegExp(`^(${uuid})\\.([\\w-]{43})$`).exec(part);
      const [, id, given] = found ?? [];
      if (id === undefined || given === undefined) return undefined;
      // As text: several texts give the same bytes, and a link has one form.
      const right = Buffer.from(mac(id).toString('base64url'));
      return timingSafeEqual(right, Buffer.from(given)) ? id : undefined;
    },
  };
}

/** Whether a text holds an address that is not signed yet. */
export function hasUnsignedLink(text: string): boolean {
  return new RegExp(`${reviewLinkPath}/${uuid}\\.${unsigned}(?![\\w-])`).test(text);
}

function escapeForm(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
