import type { z } from 'zod';
import { RequestRefused } from '../../../record/store/errors.ts';
import type { Page, PageAsked } from '../../../record/store/paging/page.ts';
import { renderInputFaults } from '../../problems/render-input-faults.ts';
import type { PageAnswer } from '../page-entry.ts';
import {
  type ActiveFilter,
  listActive,
  refuseOtherNames,
  toInput,
  withValue,
} from './filter-state.ts';

interface ListRead<Input, Item> {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly limit: number;
  /** The schema of the filter. */
  readonly input: z.ZodType<Input>;
  /** The names of the query that the schema knows. */
  readonly filters: readonly string[];
  /** What counts instead of these names of the query. */
  readonly instead?: Readonly<Record<string, unknown>>;
  read(input: Input, asked: PageAsked): Promise<Page<Item>>;
}

/** A part of a list, with its filters and the ways to the other parts. */
export interface List<Item> {
  readonly items: readonly Item[];
  readonly query: URLSearchParams;
  readonly active: readonly ActiveFilter[];
  readonly first: string | undefined;
  readonly next: string | undefined;
  /** Why nothing could be listed. */
  readonly wrong: string | undefined;
}

/** Each is shown with the address of the list without it, which holds all the others. */
const mostFilters = 100;

/** Reads a part of a list as the query asks for it. A wrong filter lists nothing, and says why. */
export async function readList<Input, Item>(asked: ListRead<Input, Item>): Promise<List<Item>> {
  const { path, query, limit, input, filters, instead, read } = asked;
  const cursor = query.get('cursor') ?? undefined;
  const first = cursor === undefined ? undefined : withValue(path, query, 'cursor', undefined);
  const isLong = query.size > mostFilters;
  const filtered = { query, active: isLong ? [] : listActive(path, query) };
  const nothing = (wrong: string) => ({
    ...filtered,
    ...{ items: [], first: undefined, next: undefined, wrong },
  });
  if (isLong) return nothing(`a list takes ${mostFilters} filters at most`);
  const strange = refuseOtherNames(query, [...filters, 'cursor']);
  if (strange !== undefined) return nothing(strange);
  const parsed = input.safeParse({ ...toInput(query, filters), ...instead });
  if (!parsed.success) return nothing(renderInputFaults(parsed.error));
  try {
    const { items, next } = await read(parsed.data, { limit, cursor });
    const onward = next === null ? undefined : withValue(path, query, 'cursor', next);
    return { ...filtered, items, first, next: onward, wrong: undefined };
  } catch (error) {
    if (error instanceof RequestRefused) return nothing(error.message);
    throw error;
  }
}

/** The page of a list, with the status that its filter means. */
export function asListPage(html: string, { wrong }: List<unknown>): PageAnswer {
  return { html, status: wrong === undefined ? 200 : 400 };
}
