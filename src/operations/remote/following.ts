import { randomUUID } from 'node:crypto';
import { mapOperations, type OperationName, type Operations } from '../index.ts';
import { HolderError } from './socket-client.ts';

/** Who loses its holder this often over one question will not do better the next time. */
const mostMoves = 5;

/**
 * Operations that stay with the store: when the process that did them ends, `findNext` finds who
 * does them from now on (this process, perhaps), and what was asked is asked there. For one who asks
 * one thing after the other.
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
      ? (input) => list(() => ask((operations) => begin(callOf<Listing>(operations, name)(input))))
      : (input, once = randomUUID()) =>
          ask((operations) => callOf<Promise<unknown>>(operations, name)(input, once)),
  );
}

type Listing = AsyncIterable<unknown>;

/** The registry says which of the two each operation answers with. */
function callOf<Result extends Listing | Promise<unknown>>(
  operations: Operations,
  name: OperationName,
): (input: unknown, once?: string) => Result {
  return operations[name] as (input: unknown, once?: string) => Result;
}

/**
 * Throws what went wrong, unless it is only that the holder left: it is gone, or answers nothing any
 * more because it is about to be.
 */
function assertLeft(error: unknown, moves: number): void {
  const left = error instanceof HolderError && (error.status === 0 || error.status === 503);
  if (!left) throw error;
  if (moves < mostMoves) return;
  const why = 'the store moved from process to process too often';
  throw new HolderError(
    error.status,
    `${why}; the request continues with the next run of keysweep`,
  );
}

interface Begun<T> {
  readonly first: IteratorResult<T>;
  readonly rest: AsyncIterator<T>;
}

/** A list comes whole or fails before its first piece: after that nothing need be asked again. */
async function begin<T>(pieces: AsyncIterable<T>): Promise<Begun<T>> {
  const rest = pieces[Symbol.asyncIterator]();
  return { first: await rest.next(), rest };
}

async function* list<T>(start: () => Promise<Begun<T>>): AsyncGenerator<T> {
  const { first, rest } = await start();
  if (first.done === true) return;
  yield first.value;
  yield* { [Symbol.asyncIterator]: () => rest };
}
