import { type Fault, fileStart, type Path, type Position } from '../documents/mistake.ts';

/** After so many mistakes the rest is not looked at: it must be a file of another kind. */
export const mostFaults = 10_000;

/** The rows of one inventory file, each in the form of `keySchema` if it is right. */
export interface KeyList {
  /** Hands out the rows one by one, counted from 0; none is kept. */
  each(take: (row: unknown, place: number) => void): void;
  /** What hindered reading the list, or a part of it: complete when `each` has come to its end. */
  readonly faults: readonly Fault[];
  /** Where a field of a row stands that was handed out already. Slow: it is for mistakes. */
  locate(row: number, path: Path, aim?: 'key' | 'value'): Position;
  /** What the users of this format call the field at a path of a row. */
  name(row: number, path: Path): Path;
}

export const noList: Fault = { ...fileStart, path: [], message: 'must be a list of keys' };

/** A list of which nothing could be read. */
export function unreadableList(...faults: readonly Fault[]): KeyList {
  return { each: () => undefined, faults, locate: () => fileStart, name: (_row, path) => path };
}
