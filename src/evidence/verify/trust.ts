import type { Quorum } from '../log/log-policy.ts';
import type { VerifierKey } from '../log/verifier-key.ts';

/** Whom the auditor trusts. It never comes from the pack. */
export interface Trust {
  readonly logKeys: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  /** Which cosignatures are enough. With only the keys of logs, none are asked for. */
  readonly quorum: Quorum;
}

/** A checkpoint that the auditor kept from elsewhere, such as from a mail. */
export interface KeptCheckpoint {
  /** The file, as it was named. */
  readonly file: string;
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}
