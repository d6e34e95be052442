import { z } from 'zod';
import { tellRotation } from '../../record/log/tell-rotation.ts';
import { asJson } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { rotatedShape } from '../shapes/evidence.ts';

const key = z.string().max(1_000);
const signature = z.string().max(100);

/** The leaf that says which key signs the log from now on. */
export interface RotatedKey {
  readonly leaf: number;
  readonly key: string;
}

/**
 * Tells the evidence log that another key signs it from now on; both keys signed that. Throws
 * `RequestRefused` if the old key is not the one that signs it.
 */
export const rotateKey = defineOperation({
  about: 'Tells the evidence log that another key signs it from now on; both keys signed that.',
  access: 'write',
  method: 'POST',
  path: 'evidence/keys',
  input: z.strictObject({ old: key, new: key, oldSignature: signature, newSignature: signature }),
  shape: rotatedShape,
  answer: asJson<RotatedKey>(),
  async run({ database }, rotation): Promise<RotatedKey> {
    const { n } = await tellRotation(database, rotation);
    return { leaf: n, key: rotation.new };
  },
});
