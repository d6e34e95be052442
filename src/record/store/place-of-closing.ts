import { sql } from 'kysely';

/**
 * The place of a closed sweep in the order of all closings, which no clock can change; null while it
 * is open. `alias`: the name of the table `sweep` in the statement.
 */
export function placeOfClosing(alias: string) {
  return sql<number>`${sql.ref(`${alias}.closing`)}`;
}
