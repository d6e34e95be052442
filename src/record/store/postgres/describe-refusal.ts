import { type ServerWords, unreachableServer } from '../../../text/unreachable-server.ts';
import type { Refusal } from '../errors.ts';

interface Thrown {
  readonly code?: unknown;
  readonly message?: unknown;
}

/** The code of PostgreSQL or of the system; without one, what `pg` means by its message. */
export function codeOfPostgres(error: unknown): string {
  const { code, message } = (error ?? {}) as Thrown;
  if (typeof code === 'string') return code;
  const text = String(message);
  if (/timeout/i.test(text)) return 'ETIMEDOUT';
  if (/does not support SSL/.test(text)) return 'NO_TLS';
  return error instanceof Error ? error.name : 'unknown';
}

/** What the database refused, and how to mend it. `code`: of `codeOfPostgres`. */
export function describePostgresRefusal(server: string, code: string): Refusal {
  const [what, mend] = words[code] ?? [`failed (${code})`, 'see its log'];
  return { what: `${server} ${what}`, mend };
}

const words: Readonly<Record<string, ServerWords>> = {
  ...unreachableServer,
  ETIMEDOUT: [
    'does not answer (ETIMEDOUT)',
    'check the address, the firewall, and that it has free connections',
  ],
  NO_TLS: [
    'has no TLS',
    'change sslmode in DATABASE_URL or store.url, or switch TLS on in the server',
  ],
  '28P01': ['refuses the password (28P01)', 'correct DATABASE_URL or store.url'],
  '28000': [
    'refuses the user (28000)',
    'correct DATABASE_URL or store.url, or see its pg_hba.conf',
  ],
  '3D000': [
    'has no database of this name (3D000)',
    'create it, or correct DATABASE_URL or store.url',
  ],
  '42501': ['refuses the user this (42501)', 'see the rights in docs/operations.md'],
  '53100': ['refuses writes (53100)', 'its disk is full'],
  '53300': ['has no free connections (53300)', 'raise max_connections or the limit of the role'],
  '57P03': ['is starting up or shutting down (57P03)', 'try again'],
  '25006': ['refuses writes (25006)', 'it is a standby, or its transactions are read-only'],
};
