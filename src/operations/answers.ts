import { z } from 'zod';
import type { Page } from '../record/store/paging/page.ts';
import { inPieces } from '../report/in-pieces.ts';
import { jsonList, jsonText } from '../report/json-text.ts';

/** How a value is sent as JSON, in pieces, and how the parsed JSON becomes the value again. */
export interface ValueAnswer<Value> {
  write(value: Value): AsyncIterable<string>;
  read(json: unknown): Value;
  /** The value is a list, sent as one; the shape of its operation is that of an item. */
  readonly isList?: true;
  /** Forms other than JSON, by the name that `?format=` takes. */
  readonly forms?: Readonly<Record<string, AnswerForm<Value>>>;
  /** A text that changes whenever what is written does; undefined where nobody knows. */
  tag?(value: Value): string | undefined;
  /** What a file of it is called, without its extension. */
  name?(value: Value): string;
}

/** `type`: the media type. `headers`: what only this form needs. */
export interface AnswerForm<Value> {
  readonly type: string;
  readonly extension: string;
  readonly headers?: Readonly<Record<string, string>>;
  write(value: Value): AsyncIterable<string>;
}

/** The same for each item of a list. */
export interface ItemsAnswer<Item> {
  write(item: Item): object;
  read(json: unknown): Item;
}

/** In a 404, this code means that the thing is absent; without it, the operation is absent. */
export const absentCode = 'KEYSWEEP_ABSENT';

/** In a 503, this code means that the database does not serve now, but the store is open. */
export const databaseAwayCode = 'KEYSWEEP_DATABASE_UNAVAILABLE';

/** A list as it is sent. `next` is the cursor of the next page; null where the list ends. */
export interface ItemsJson {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

/** The fields of a type that hold an instant, which JSON holds as text. */
type InstantNames<T> = {
  [N in keyof T]-?: Date extends T[N] ? N & string : never;
}[keyof T];

/** A value that equals its parsed JSON, except for the instants among its fields. */
export function asJson<Value extends object>(
  ...instants: readonly InstantNames<Value>[]
): ValueAnswer<Value> {
  return {
    async *write(value) {
      yield jsonText(value);
    },
    read: (json) => reviveInstants(json as Value, instants),
  };
}

/** An array, sent as a list. */
export function asList<Item extends object>(
  ...instants: readonly InstantNames<Item>[]
): ValueAnswer<readonly Item[]> {
  return {
    isList: true,
    write: (items) => writeItems({ items, next: null }, (item) => item),
    read: (json) => itemsOf(json).items.map((item) => reviveInstants(item as Item, instants)),
  };
}

/** Items that equal the parsed JSON of `write`, except for the instants among their fields. */
export function asItems<Item extends object>(
  write: (item: Item) => object,
  ...instants: readonly InstantNames<Item>[]
): ItemsAnswer<Item> {
  return { write, read: (json) => reviveInstants(json as Item, instants) };
}

/** A part of a list as JSON, one item per line. */
export function writeItems<Item>(
  { items, next }: Page<Item>,
  write: (item: Item) => object,
): AsyncIterable<string> {
  const parts = async function* () {
    yield '{\n  "items": ';
    yield* jsonList(items.map(write), '  ');
    yield `,\n  "next": ${jsonText(next)}\n}\n`;
  };
  return inPieces(parts());
}

/** A list as it was sent. Throws `TypeError` for anything else. */
export function itemsOf(json: unknown): ItemsJson {
  const { items, next } = (json ?? {}) as Partial<ItemsJson>;
  if (!Array.isArray(items)) throw new TypeError('the answer is not a list');
  return { items, next: next ?? null };
}

/** A copy with the texts in these fields as instants; null and undefined stay. */
export function reviveInstants<T extends object>(value: T, names: readonly string[]): T {
  const fields: [string, unknown][] = Object.entries(value).map(([name, field]) =>
    names.includes(name) && typeof field === 'string' ? [name, new Date(field)] : [name, field],
  );
  return Object.fromEntries(fields) as T;
}

/** A list in a query: a name that occurs once is a list of one. */
export function several<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item));
}
