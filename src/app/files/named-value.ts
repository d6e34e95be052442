import type { Mistake } from '../../documents/mistake.ts';

interface ValueRead<Value> {
  readonly value: Value | undefined;
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly string[];
}

/** A value that is read from files that keysweep.yaml names, and can be read again. */
export interface NamedValue<Value extends { readonly hash: string }> {
  readonly kind: 'policy' | 'inventory';
  readonly inUse: Value;
  /** Reads the files; undefined instead of a value if they have mistakes. Changes nothing. */
  read(): Promise<ValueRead<Value>>;
  /** Takes a value into use. */
  use(value: Value): void;
}
