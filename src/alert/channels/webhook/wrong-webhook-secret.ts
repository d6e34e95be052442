import type { Wrong } from '../../../options/address.ts';

/** A Standard Webhooks secret: `whsec_` and 24 to 64 bytes in base64. */
export function wrongWebhookSecret(text: string): Wrong {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  const exact = encoded !== undefined && sameBase64(encoded, bytes.toString('base64'));
  return exact && bytes.length >= 24 && bytes.length <= 64
    ? undefined
    : 'must be whsec_ followed by 24 to 64 bytes in base64';
}

/** Padding may be left out; any other character that decoding ignores is a typing error. */
function sameBase64(given: string, canonical: string): boolean {
  return given === canonical || given === canonical.replace(/=+$/, '');
}
