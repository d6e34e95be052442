import { nameObject } from '../../evidence/manifest.ts';
import type { RecordsTransaction } from '../store/database.ts';

/** Keeps an object that a leaf refers to. Returns the name that it refers to it by. */
export async function keepObject(tx: RecordsTransaction, text: string): Promise<string> {
  const name = nameObject(text);
  await tx
    .insertInto('log_object')
    .values({ hash: Buffer.from(name, 'hex'), body: Buffer.from(text) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return name;
}
