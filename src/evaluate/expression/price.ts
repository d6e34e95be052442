/** The size of the key that an expression is evaluated for. Texts are in UTF-16 units. */
export interface Extent {
  readonly scopes: number;
  readonly tags: number;
  readonly longestText: number;
}

/** An upper bound for a key of the given extent. */
export type Bound = (extent: Extent) => number;

/** Bounds for one part of an expression: its cost in steps, and the size of its result. */
export interface Price {
  readonly steps: Bound;
  readonly kind: 'list' | 'text' | 'plain';
  /** The kind of a list's entries. */
  readonly entries: 'text' | 'plain';
  /** The number of a list's entries. */
  readonly count: Bound;
  /** The length of a text, or of the longest text in a list. */
  readonly length: Bound;
  /** The text is a scope of the key, or the list contains scopes. */
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

/** The cost of reading a text once; V8 reads many characters in a step. */
export function reading(length: Bound): Bound {
  return (extent) => 1 + length(extent) / 100;
}

/** The cost of processing a text character by character. */
export function handling(length: Bound): Bound {
  return (extent) => 1 + length(extent) / 2;
}

/** The worst cost of searching one text in another: each character is compared with each. */
export function searching(length: Bound, sought: Bound): Bound {
  return (extent) => 1 + length(extent) / 10 + (length(extent) * sought(extent)) / 50;
}
