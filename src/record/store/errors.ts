import { renderCount } from '../../text/render-count.ts';

/**
 * Code inside a transaction requested a second connection from the embedded store's only session.
 */
export class NestedConnection extends Error {
  override readonly name = 'NestedConnection';
  readonly code = 'KEYSWEEP_NESTED_CONNECTION';
  readonly retryable = false;
  constructor() {
    super(
      'a second connection was asked for inside a transaction; use the one the transaction has',
    );
  }
}

/** Another worker has taken over the batch; this one must not write its results. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly code = 'KEYSWEEP_LEASE_LOST';
  readonly retryable = false;
  constructor(sweepId: string, batch: number) {
    super(`the lease of batch ${batch} of sweep ${sweepId} was lost`);
  }
}

/** The database's schema is older or newer than this program. */
export class SchemaBehind extends Error {
  override readonly name = 'SchemaBehind';
  readonly code = 'KEYSWEEP_SCHEMA';
  readonly retryable = false;
  readonly refused: Refusal;
  readonly isOlder: boolean;
  constructor(detail: string, adviceIfNewer?: string) {
    const advice = adviceIfNewer ?? 'run: keysweep migrate';
    super(`the database's schema ${detail}; ${advice}`);
    this.isOlder = adviceIfNewer === undefined;
    this.refused = { what: `the database's schema ${detail}`, mend: advice };
  }
}

/**
 * A request that cannot be carried out, for example because it names untracked keys. `part`: whether
 * the whole request is refused, or a filter or cursor of a list.
 */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly code = 'KEYSWEEP_REQUEST_REFUSED';
  readonly retryable = false;
  readonly part: 'whole' | 'filter';
  constructor(message: string, part: RequestRefused['part'] = 'whole') {
    super(message);
    this.part = part;
  }
}

/** Another worker holds the batch, which is free again when its lease ends without a renewal. */
export class BatchHeld extends Error {
  override readonly name = 'BatchHeld';
  readonly code = 'KEYSWEEP_BATCH_HELD';
  readonly retryable = true;
  readonly retryInMs: number;
  constructor(sweepId: string, batch: number, forMs: number) {
    super(`batch ${batch} of sweep ${sweepId} is held by another worker`);
    this.retryInMs = Math.max(100, forMs);
  }
}

/** Keys of a batch have no verdict yet; a later attempt asks for them again. */
export class KeysStillPending extends Error {
  override readonly name = 'KeysStillPending';
  readonly code = 'KEYSWEEP_KEYS_PENDING';
  readonly retryable = true;
  readonly retryInMs: number;
  constructor(sweepId: string, batch: number, pending: number, retryInMs: number) {
    const keys = renderCount(pending, 'key');
    super(`${keys} of batch ${batch} of sweep ${sweepId} left pending`);
    this.retryInMs = retryInMs;
  }
}

/** A connection of the database did not answer in time, and was destroyed; a new one may work. */
export class DatabaseSilent extends Error {
  override readonly name = 'DatabaseSilent';
  readonly code = 'KEYSWEEP_DATABASE_SILENT';
  readonly retryable = true;
  constructor() {
    super('the database did not answer on this connection in time');
  }
}

/** The database does not serve us now, or refuses us; the message names the server and the mend. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code = 'KEYSWEEP_DATABASE_UNAVAILABLE';
  readonly retryable = true;
  readonly refused: Refusal | undefined;
  constructor(refused: Refusal | string) {
    super(typeof refused === 'string' ? refused : renderRefusal(refused));
    this.refused = typeof refused === 'string' ? undefined : refused;
  }
}

/** What a server refuses, with its name, and how to mend it. */
export interface Refusal {
  readonly what: string;
  readonly mend: string;
}

export function renderRefusal({ what, mend }: Refusal): string {
  return `${what}: ${mend}`;
}

/**
 * The embedded store cannot be opened, or has stopped; the message names its folder, the cause and
 * the way out. A later start finds everything that was recorded.
 */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
  readonly code = 'KEYSWEEP_STORE_UNUSABLE';
  readonly retryable = true;
  constructor(folder: string, trouble: string) {
    super(`the embedded store in ${folder} ${trouble}`);
  }
}
