import type { Judgement } from '../../evaluate/judgement.ts';
import type { Observation } from '../../keys/observation.ts';
import type { PendingKey } from './claimed-batch.ts';

/** A key's new row, as its findings see it. */
export interface ObservedRow {
  readonly row: number;
  readonly key: {
    readonly pending: PendingKey;
    readonly observation: Observation;
    readonly judgement: Judgement;
  };
  readonly observation_id: number | null;
  readonly observed_at: Date;
  readonly last_used: Date | null;
}

/** A tracked key as its findings have it that follow the newest observation before this one. */
export interface KeyBefore {
  readonly id: number;
  readonly observed_at: Date | null;
  readonly observation_id: number | null;
  readonly last_used: Date | null;
  readonly observed_entry_id: number | null;
  readonly known_at: Date | null;
}
