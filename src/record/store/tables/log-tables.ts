import type { Generated } from 'kysely';

/** One row, which whoever appends to the log locks. */
export interface LogHeadTable {
  single: Generated<boolean>;
  installation: Generated<string>;
  size: Generated<string>;
  at: Generated<Date>;
}

/** `body`: the bytes of the leaf; `hash`: that of RFC 6962. */
export interface LogLeafTable {
  n: string;
  at: Date;
  body: string;
  hash: Buffer;
}

/** A full tile: 256 hashes, and the root over them. */
export interface LogTileTable {
  level: number;
  n: string;
  root: Buffer;
  hashes: Buffer;
}

export interface CheckpointTable {
  size: string;
  note: string;
  signed_at: Generated<Date>;
}

/** An object that cannot be made anew from other tables. */
export interface LogObjectTable {
  hash: Buffer;
  body: Buffer;
}

/** What the log said last of a thing that may change. */
export interface LogFactTable {
  kind: string;
  name: string;
  value: string;
}
