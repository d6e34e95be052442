/** How large the key is that an expression is evaluated for; texts in UTF-16 units. */
export interface Extent {
  readonly scopes: number;
  readonly tags: number;
  readonly longestText: number;
}

/** The most that something can come to for a key of some extent. */
export type Bound = (extent: Extent) => number;

/** What one part of an expression can cost, in steps, and how large what it gives can be. */
export interface Price {
  readonly steps: Bound;
  readonly kind: 'list' | 'text' | 'plain';
  /** What the entries of a list are. */
  readonly entries: 'text' | 'plain';
  /** How many these are. */
  readonly count: Bound;
  /** Length of a text, or of the longest in a list. */
  readonly length: Bound;
  /** The text is a scope of the key, or the list holds such. */
  readonly ofScopes: boolean;
}

export const none: Bound = () => 0;

export function fixed(amount: number): Bound {
  return () => amount;
}

export function sum(...bounds: readonly Bound[]): Bound {
  return (extent) => bounds.reduce((total, bound) => total + bound(extent), 0);
}

export function product(...bounds: readonly Bound[]): Bound {
  return (extent) => bounds.reduce((total, bound) => total * bound(extent), 1);
}

export function plain(...steps: readonly Bound[]): Price {
  return {
    steps: sum(...steps),
    kind: 'plain',
    entries: 'plain',
    count: none,
    length: none,
    ofScopes: false,
  };
}

export function text(length: Bound, ...steps: readonly Bound[]): Price {
  return { ...plain(...steps), kind: 'text', length };
}

/** Looking once at each character of a text; V8 does many of them in a step. */
export function reading(length: Bound): Bound {
  return (extent) => 1 + length(extent) / 100;
}

/** Taking each character of a text in hand. */
export function handling(length: Bound): Bound {
  return (extent) => 1 + length(extent) / 2;
}

/** The worst of searching one text in another: each character against each. */
export function searching(length: Bound, sought: Bound): Bound {
  return (extent) => 1 + length(extent) / 10 + (length(extent) * sought(extent)) / 50;
}
