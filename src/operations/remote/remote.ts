import { randomUUID } from 'node:crypto';
import type { Page, PageAsked } from '../../record/store/paging/page.ts';
import { itemsOf } from '../answers.ts';
import { mapOperations, type Operations } from '../index.ts';
import type { AnyOperation } from '../operation.ts';
import { createPagedList } from '../paged-list.ts';
import type { Exchange } from './exchange.ts';
import { askThroughSocket, type Respondent } from './socket-client.ts';
import { writeQuestion } from './write-question.ts';

/** Operations that run in the process that holds the embedded store, called over its socket. */
export function createRemoteOperations(holder: Respondent): Operations {
  return operationsThrough(askThroughSocket(holder));
}

/** Operations that run in another process. */
export function operationsThrough(exchange: Exchange): Operations {
  return mapOperations((operation) => {
    if ('file' in operation) {
      return (input: object) => exchange.fetchFile(writeQuestion(operation, input, undefined));
    }
    return 'items' in operation
      ? (input: object) => createPagedList((asked) => askPage(exchange, operation, input, asked))
      : async (input: object, once: string = randomUUID()) => {
          const json = await exchange.ask(writeQuestion(operation, input, once));
          if (json === undefined) return undefined;
          return readAnswer(exchange, () => operation.answer.read(json));
        };
  });
}

type AnyList = Extract<AnyOperation, { items: unknown }>;

async function askPage(
  exchange: Exchange,
  operation: AnyList,
  input: object,
  asked: PageAsked,
): Promise<Page<unknown>> {
  const json = await exchange.ask(writeQuestion(operation, { ...input, ...asked }, undefined));
  const { items, next } = readAnswer(exchange, () => itemsOf(json));
  return { items: items.map((item) => operation.items.read(item)), next };
}

/** A process of another version may answer in another form. */
function readAnswer<T>(exchange: Exchange, read: () => T): T {
  try {
    return read();
  } catch {
    throw exchange.unreadable();
  }
}
