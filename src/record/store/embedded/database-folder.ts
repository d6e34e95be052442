import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the database of an embedded store lies in the store's folder. */
export function databaseFolder(folder: string): string {
  return join(folder, 'db');
}

/** Whether a store was made in this folder. */
export function hasDatabase(folder: string): boolean {
  return existsSync(databaseFolder(folder));
}
