import type { Fault, Path, Position } from '../config/mistake.ts';

/** The rows of one inventory file, each in the form of `keySchema` if it is right. */
export interface KeyList {
  readonly rows: readonly unknown[];
  /** What hindered reading the list, or a part of it. */
  readonly faults: readonly Fault[];
  /** Where a field of a row stands. Slow: it is for mistakes. */
  locate(row: number, path: Path, aim?: 'key' | 'value'): Position;
  /** What the users of this format call the field at a path of a row. */
  name(row: number, path: Path): Path;
}

/** A list of which nothing could be read. */
export function unreadableList(...faults: readonly Fault[]): KeyList {
  return { rows: [], faults, locate: () => ({ line: 1, column: 1 }), name: (_row, path) => path };
}
