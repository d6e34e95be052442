import { randomUUID } from 'node:crypto';
import { mapOperations, type OperationName, type Operations } from '../index.ts';
import { createPagedList, type PagedList } from '../paged-list.ts';
import { HolderError } from './socket-client.ts';

/** After this many lost holders for one call, another try is pointless. */
const mostMoves = 5;

/**
 * Operations that follow the store: if the process that runs them ends, `findNext` finds the next
 * one (perhaps this process), and the call is repeated there. Make one call at a time.
 */
export function createFollowingOperations(
  first: Operations,
  findNext: () => Promise<Operations>,
): Operations {
  let current = first;
  const ask = async <T>(work: (operations: Operations) => Promise<T>, moves = 0): Promise<T> => {
    try {
      return await work(current);
    } catch (error) {
      assertLeft(error, moves);
      current = await findNext();
      return ask(work, moves + 1);
    }
  };
  return mapOperations((operation, name) =>
    'items' in operation
      ? (input) =>
          createPagedList((asked) =>
            ask((operations) => callOf<PagedList<unknown>>(operations, name)(input).page(asked)),
          )
      : (input, once = randomUUID()) =>
          ask((operations) => callOf<Promise<unknown>>(operations, name)(input, once)),
  );
}

/** The registry says which of the two each operation returns. */
function callOf<Result extends PagedList<unknown> | Promise<unknown>>(
  operations: Operations,
  name: OperationName,
): (input: unknown, once?: string) => Result {
  return operations[name] as (input: unknown, once?: string) => Result;
}

/**
 * Throws the error, unless it means that the holder has left: it is gone, or refuses calls because
 * it is closing.
 */
function assertLeft(error: unknown, moves: number): void {
  if (!(error instanceof HolderError && error.hasLeft)) throw error;
  if (moves < mostMoves) return;
  const why = 'the store moved from process to process too often';
  throw new HolderError(
    error.status,
    `${why}; the request continues with the next run of keysweep`,
  );
}
