/**
 * Whether the database may do the same work later: a lost or refused connection, too little room, a
 * standby or read-only transactions, a shutdown, a conflict with another transaction.
 */
export function isPassingFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return ofNoCode.test(error.message);
  return ofServer.test(code) || ofNetwork.test(code) || ofStore.includes(code);
}

/**
 * Classes of PostgreSQL: 08 connection, 40 rollback, 53 resources, 55 not in this state, 57
 * intervention, 58 system; 25006 read-only; 25P03 and 25P04 idle or long transactions.
 */
const ofServer = /^(?:(?:08|40|53|55|57|58)[0-9A-Z]{3}|25006|25P0[34])$/;
const ofNetwork = /^E(?:[A-Z]{3,}|AI_[A-Z]+)$/;
const ofStore = ['KEYSWEEP_DATABASE_SILENT', 'KEYSWEEP_DATABASE_UNAVAILABLE'];
/** What `pg` and its pool throw without a code, and a try that took too long. */
const ofNoCode =
  /^Connection terminated|connection error and is not queryable|timeout|^no end within/i;
