import type { ColumnType } from 'kysely';

/** Has a default of its own: may be left out when a row is inserted. */
export type Written<T> = ColumnType<T, T | undefined, T>;

/** `jsonb`: written as text that holds JSON, read as the value. */
export type Json<T> = ColumnType<T, string, string>;
