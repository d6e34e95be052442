import type { Message } from '../message.ts';
import { type Digest, digestOf } from './digest.ts';
import type { Rendered } from './format.ts';

/**
 * Lays a message out. If it does not fit, it says less about each finding, and lists fewer unknown
 * keys. Unlike findings, unknown keys are not split into parts, because their message counts them
 * all.
 */
export function fitMessage(message: Message, layOut: (digest: Digest) => Rendered): Rendered {
  let mostUnknowns = message.type === 'sweep.incomplete' ? message.data.unknowns.length : 0;
  let rendered = layOut(digestOf(message, { mostUnknowns, detailed: true }));
  if (!rendered.fits) rendered = layOut(digestOf(message, { mostUnknowns, detailed: false }));
  while (!rendered.fits && mostUnknowns > 1) {
    mostUnknowns = Math.floor(mostUnknowns / 2);
    rendered = layOut(digestOf(message, { mostUnknowns, detailed: false }));
  }
  return rendered;
}
