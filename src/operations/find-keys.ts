import { z } from 'zod';
import { asList } from './answers.ts';
import { defineOperation, type NamedKey } from './operation.ts';

/** The tracked keys of this id, in every source or in the one named. */
export const findKeys = defineOperation({
  access: 'read',
  method: 'GET',
  path: 'keys/{keyId}',
  input: z.strictObject({ keyId: z.string(), source: z.string().optional() }),
  answer: asList<NamedKey>(),
  run: ({ findTracked }, { keyId, source }) => findTracked(keyId, source),
});
