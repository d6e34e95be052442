import { z } from 'zod';
import { RequestRefused } from '../../../record/store/errors.ts';
import type { Page, PageAsked } from '../../../record/store/paging/page.ts';
import { withValue } from './filter-state.ts';

interface ListRead<Input, Item> {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly limit: number;
  /** The schema of the filter, and the filter as the query has it. */
  readonly input: z.ZodType<Input>;
  readonly asked: unknown;
  read(input: Input, asked: PageAsked): Promise<Page<Item>>;
}

/** A part of a list, with the ways to the others. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly first: string | undefined;
  readonly next: string | undefined;
  /** Why nothing could be listed. */
  readonly wrong: string | undefined;
}

/** Reads a part of a list as the query asks for it. A wrong filter lists nothing, and says why. */
export async function readListed<Input, Item>({
  path,
  query,
  limit,
  input,
  asked,
  read,
}: ListRead<Input, Item>): Promise<Listed<Item>> {
  const cursor = query.get('cursor') ?? undefined;
  const first = cursor === undefined ? undefined : withValue(path, query, 'cursor', undefined);
  const parsed = input.safeParse(asked);
  if (!parsed.success) return nothing(z.prettifyError(parsed.error));
  try {
    const { items, next } = await read(parsed.data, { limit, cursor });
    const onward = next === null ? undefined : withValue(path, query, 'cursor', next);
    return { items, first, next: onward, wrong: undefined };
  } catch (error) {
    if (error instanceof RequestRefused) return nothing(error.message);
    throw error;
  }
}

function nothing(wrong: string) {
  return { items: [], first: undefined, next: undefined, wrong };
}
