import type { PermitsAnswer, PermitsAsked } from './plan-permits.ts';

/** What the sources' thread asks of the process that started it, which has the connections. */
export interface PermitsCall {
  readonly source: string;
  readonly intervalMs: number;
  readonly what:
    | { readonly kind: 'take'; readonly asked: PermitsAsked }
    | { readonly kind: 'hold'; readonly ms: number };
}

/** `unavailable`: whatever keeps the permits does not answer. */
export type PermitsReply =
  | { readonly kind: 'taken'; readonly answer: PermitsAnswer }
  | { readonly kind: 'held' }
  | { readonly kind: 'unavailable' };
