import type { z } from 'zod';
import type { AlertChannel } from '../alert/channels/channel.ts';
import type { OpenPastJudge } from '../backtest/judging/past-judge.ts';
import type { Config } from '../config/config.ts';
import type { Access } from '../options/roles.ts';
import type { WrittenAlert } from '../record/outbox/write-alerts.ts';
import type { Database } from '../record/store/database.ts';
import type { Page, PageAsked } from '../record/store/paging/page.ts';
import type { ItemsAnswer, ValueAnswer } from './answers.ts';
import type { Caller } from './caller.ts';

export interface NamedKey {
  readonly source: string;
  readonly keyId: string;
}

/** Queues work that the store has. If the queue refuses it, `reconcile` finds it later. */
export interface Wake {
  request(id: string): Promise<void>;
  alerts(alerts: readonly WrittenAlert[]): Promise<void>;
}

/** What an operation may use, in the process that has the store open. */
export interface Means {
  readonly database: Database;
  /** With the policy and the inventory that are in use now. */
  readonly config: Config;
  /** The tracked keys of these ids, in every source. */
  findTracked(keyIds: readonly string[]): Promise<readonly NamedKey[]>;
  readonly wake: Wake;
  /** The channels of alerts, by id. */
  readonly channels: ReadonlyMap<string, AlertChannel>;
  /** Where a back-test judges; it ends after `limitMs` milliseconds, if that is given. */
  readonly openJudge: (limitMs: number | undefined) => OpenPastJudge;
  readonly caller: Caller;
}

/** The HTTP route of an operation, and the access that it needs. */
interface AnyRoute<Input> {
  readonly access: Access;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /**
   * Below `/api/v1`. An input field in braces is a part of the path; the other fields are the body
   * of a POST, else the query.
   */
  readonly path: string;
  /** What it does, in a sentence for whoever reads the description of the API. */
  readonly about: string;
  readonly input: z.ZodType<Input>;
  /** What the audit record keeps of the input; by default, the input itself. */
  recorded?(input: Input): object;
}

interface Route<Input> extends AnyRoute<Input> {
  /** The form of the answer in JSON, or of one item of a list. */
  readonly shape: z.ZodType;
}

/** An operation that answers with one value; undefined means that there is none. */
export interface ValueOperation<Input, Value> extends Route<Input> {
  /** The status of the answer; by default, 200. */
  readonly status?: 202;
  readonly answer: ValueAnswer<NonNullable<Value>>;
  /** Requests with the same `once` are done once. */
  run(means: Means, input: Input, once: string | undefined): Promise<Value>;
}

/** An operation that answers with a list, a page at a time. */
export interface ListOperation<Input, Item> extends Route<Input> {
  readonly items: ItemsAnswer<Item>;
  run(means: Means, input: Input, asked: PageAsked): Promise<Page<Item>>;
}

/** An operation that answers with a file, as it is made. */
export interface FileOperation<Input> extends AnyRoute<Input> {
  /** Its media type, and what it is called where it is to be saved. */
  readonly file: { readonly type: string; name?(input: Input): string };
  /** Undefined if there is none. */
  run(means: Means, input: Input): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** An operation whose answer is data. */
export type DataOperation = ValueOperation<unknown, unknown> | ListOperation<unknown, unknown>;
export type AnyOperation = DataOperation | FileOperation<unknown>;

export function defineOperation<Input, Value>(
  operation: ValueOperation<Input, Value>,
): ValueOperation<Input, Value> {
  return operation;
}

export function defineList<Input, Item>(
  operation: ListOperation<Input, Item>,
): ListOperation<Input, Item> {
  return operation;
}

export function defineFile<Input, Operation extends FileOperation<Input>>(
  operation: Operation & FileOperation<Input>,
): Operation {
  return operation;
}
