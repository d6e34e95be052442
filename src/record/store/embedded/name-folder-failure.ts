import { stat } from 'node:fs/promises';
import { StoreUnusable } from '../errors.ts';
import { describeFolderFailure } from './describe-folder-failure.ts';

/** Rejects with `StoreUnusable` where the system refused `work` something in the store's folder. */
export async function nameFolderFailure<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await asUnusable(folder, error);
  }
}

/** Errors of Node's file system and sockets; a failed bind has an address instead of a path. */
interface SystemError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly path?: string;
  readonly address?: string;
}

async function asUnusable(folder: string, error: unknown): Promise<unknown> {
  const { code, syscall, path, address } = (error ?? {}) as SystemError;
  if (typeof code !== 'string' || typeof syscall !== 'string') return error;
  const where = [path, address].find((one) => typeof one === 'string') ?? folder;
  const found = await stat(where).catch(() => stat(folder).catch(() => undefined));
  return new StoreUnusable(
    folder,
    describeFolderFailure({
      ...{ code, syscall },
      path: where,
      uid: process.getuid?.(),
      owner: found?.uid,
    }),
  );
}
