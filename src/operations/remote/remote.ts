import { RequestRefused } from '../../record/store/errors.ts';
import { itemsOf } from '../answers.ts';
import { mapOperations, type Operations } from '../index.ts';
import type { AnyOperation } from '../operation.ts';
import { askSocket, HolderError, otherVersion, type Respondent } from './socket-client.ts';
import { writeQuestion } from './write-question.ts';

/** Operations that run in the process that holds the embedded store, called over its socket. */
export function createRemoteOperations(holder: Respondent): Operations {
  return mapOperations((operation) =>
    'items' in operation
      ? (input: object) => listItems(holder, operation, input)
      : async (input: object, once?: string) => {
          const json = await ask(holder, operation, input, once);
          return json === undefined ? undefined : readAnswer(() => operation.answer.read(json));
        },
  );
}

type AnyList = Extract<AnyOperation, { items: unknown }>;

/** The whole list arrives before its first item is given out. */
async function* listItems(holder: Respondent, operation: AnyList, input: object) {
  const json = await ask(holder, operation, input, undefined);
  const items = readAnswer(() => itemsOf(json));
  for (const item of items) yield operation.items.read(item);
}

/** Throws `RequestRefused` if the holder refuses. */
async function ask(
  holder: Respondent,
  operation: AnyOperation,
  input: object,
  once: string | undefined,
): Promise<unknown> {
  try {
    return await askSocket(holder, writeQuestion(operation, input, once));
  } catch (error) {
    const refused = error instanceof HolderError && error.status === 422;
    throw refused ? new RequestRefused(error.message) : error;
  }
}

/** A holder of another version may answer in another form. */
function readAnswer<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new HolderError(500, otherVersion);
  }
}
