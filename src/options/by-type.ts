import { z } from 'zod';
import { refuseType } from '../evaluate/policy/policy.ts';

type TypedSchema = z.ZodObject<{ type: z.ZodLiteral<string> }>;

/**
 * One schema for entries of several types. A single schema is returned as it is, which keeps its
 * mistakes and its JSON schema simple.
 */
export function byType<S extends TypedSchema>(schemas: readonly S[]) {
  const [first, ...others] = schemas;
  if (first === undefined) throw new Error('there is no type to choose from');
  if (others.length === 0) return first;
  const types = schemas.map(({ shape }) => shape.type.value);
  return z.discriminatedUnion('type', [first, ...others], { error: refuseType(types) });
}
