import type { Message } from '../message.ts';
import { type Digest, digestOf } from './digest.ts';
import type { Rendered } from './format.ts';

/**
 * Lays a message out, and lists fewer unknown keys until it fits. Unlike findings, unknown keys are
 * not split into parts, because their message counts them all.
 */
export function fitMessage(message: Message, layOut: (digest: Digest) => Rendered): Rendered {
  let unknowns = message.type === 'sweep.incomplete' ? message.data.unknowns.length : 0;
  let rendered = layOut(digestOf(message, unknowns));
  while (!rendered.fits && unknowns > 1) {
    unknowns = Math.floor(unknowns / 2);
    rendered = layOut(digestOf(message, unknowns));
  }
  return rendered;
}
