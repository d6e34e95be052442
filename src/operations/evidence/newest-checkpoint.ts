import { z } from 'zod';
import { readNewestCheckpoint } from '../../record/log/checkpoints.ts';
import { defineFile } from '../operation.ts';

/** The newest signed note of the evidence log; undefined while nothing is signed. */
export const newestCheckpoint = defineFile({
  about: 'Gives the newest checkpoint of the evidence log, as C2SP has it.',
  access: 'read',
  method: 'GET',
  path: 'evidence/checkpoint',
  input: z.strictObject({}),
  file: { type: 'text/plain; charset=utf-8' },
  async run({ database }): Promise<AsyncIterable<Uint8Array> | undefined> {
    const checkpoint = await readNewestCheckpoint(database.db);
    return checkpoint && asBytes(checkpoint.note);
  },
});

async function* asBytes(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
