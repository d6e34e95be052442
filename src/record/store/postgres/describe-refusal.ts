import { describeTlsFailure, isUnknownAuthority } from '../../../text/tls-failure.ts';
import { type ServerWords, unreachableServer } from '../../../text/unreachable-server.ts';
import type { Refusal } from '../errors.ts';

interface Thrown {
  readonly syscall?: unknown;
  readonly path?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** The code of PostgreSQL or of the system; without one, what `pg` means by its message. */
export function codeOfPostgres(error: unknown): string {
  const { code, message } = (error ?? {}) as Thrown;
  const text = String(message);
  if (code === '28000' && /no encryption|SSL off/.test(text)) return 'TLS_DEMANDED';
  if (typeof code === 'string') return code;
  if (/timeout/i.test(text)) return 'ETIMEDOUT';
  if (/does not support SSL/.test(text)) return 'NO_TLS';
  return error instanceof Error ? error.name : 'unknown';
}

/** What the database refused, and how to mend it. */
export function describePostgresRefusal(server: string, error: unknown): Refusal {
  const code = codeOfPostgres(error);
  const file = unreadableFile(error);
  if (file !== undefined) {
    return {
      what: `${server} cannot be asked: the file ${file} cannot be read (${code})`,
      mend: `correct sslrootcert, sslcert or sslkey in ${urlName}`,
    };
  }
  const [what, mend] = words[code] ?? wordsOfTls(code) ?? [`failed (${code})`, 'see its log'];
  return { what: `${server} ${what}`, mend };
}

const urlName = 'DATABASE_URL or store.url';

/** A file of certificates that the URL names. A missing Unix socket fails with another call. */
function unreadableFile(error: unknown): string | undefined {
  const { syscall, path } = (error ?? {}) as Thrown;
  return (syscall === 'open' || syscall === 'read') && typeof path === 'string' ? path : undefined;
}

function wordsOfTls(code: string): ServerWords | undefined {
  const found = describeTlsFailure(code);
  if (found === undefined || !isUnknownAuthority(code)) return found;
  return [found[0], `add sslrootcert=FILE to ${urlName}, or ${found[1]}`];
}

/** A database whose encoding cannot hold every name. */
export function describeEncoding(server: string, encoding: string): Refusal {
  return {
    what: `${server} has the encoding ${encoding}, which cannot hold every name`,
    mend: 'name a database made with: createdb --encoding UTF8 --template template0 NAME',
  };
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
  TLS_DEMANDED: [
    'refuses this connection without TLS (28000)',
    `add sslmode=verify-full to ${urlName}, with sslrootcert=FILE for a private authority; if it has TLS, see its pg_hba.conf`,
  ],
  ENOENT: ['has no socket there (ENOENT)', 'check the folder in host= and that it runs'],
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
  '25006': [
    'refuses writes (25006)',
    'it is a standby, or its transactions are read-only: name the primary, or make it writable',
  ],
};
