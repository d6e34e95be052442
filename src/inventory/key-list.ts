import { type Fault, fileStart, type Path, type Position } from '../documents/mistake.ts';

/** Reading stops after this number of mistakes: the file is probably of another kind. */
export const mostFaults = 10_000;

/** The rows of one inventory file; a valid row has the form of `keySchema`. */
export interface KeyList {
  /** Passes the rows to `take` one by one, with ascending numbers; keeps none. */
  each(take: (row: unknown, place: number) => void): void | Promise<void>;
  /** The faults that prevented reading the list or a part of it; complete when `each` returns. */
  readonly faults: readonly Fault[];
  /** The position of a field in a row that `take` already got. Slow: use it only for mistakes. */
  locate(row: number, path: Path, aim?: 'key' | 'value'): Position;
  /** A row that `take` already got, once more. Slow as well. */
  read(row: number): unknown;
  /** This format's name for the field at a path of a row. */
  name(row: number, path: Path): Path;
}

export const noList: Fault = { ...fileStart, path: [], message: 'must be a list of keys' };

/** A list that could not be read at all. */
export function unreadableList(...faults: readonly Fault[]): KeyList {
  return {
    each: () => undefined,
    faults,
    locate: () => fileStart,
    read: () => undefined,
    name: (_row, path) => path,
  };
}
