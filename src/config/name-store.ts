import type { StoreConfig } from './config.ts';

/** The store in words: its folder, or the server and the database. Without credentials. */
export function nameStore(store: StoreConfig, databaseUrl: string | undefined): string {
  if (store.kind === 'embedded') return store.folder;
  const url =
    databaseUrl !== undefined && URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  if (url === undefined || url.host === '') return 'PostgreSQL';
  return `PostgreSQL at ${url.host}${url.pathname}`;
}
