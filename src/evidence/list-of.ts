import { z } from 'zod';

/**
 * A list of such items, as it was given. It is refused at its first wrong item: the mistakes of
 * millions, as a hostile pack may have them, would fill the memory.
 */
export function listOf<T>(item: z.ZodType<T>) {
  return z.custom<T[]>(
    (list) => Array.isArray(list) && list.every((one) => item.safeParse(one).success),
  );
}
