/** What may differ between the records and their log. */
export type DifferenceCode =
  | 'leaf-gone'
  | 'leaf-body'
  | 'leaf-form'
  | 'leaf-time'
  | 'leaf-row'
  | 'log-head'
  | 'log-size'
  | 'tile'
  | 'checkpoint'
  | 'signature'
  | 'object'
  | 'fact'
  | 'schedule'
  | 'tick'
  | 'sweep-gone'
  | 'sweep-unlogged'
  | 'sweep-field'
  | 'sweep-swapped'
  | 'simulated'
  | 'policy'
  | 'inventory'
  | 'evidence'
  | 'batch'
  | 'batch-gone'
  | 'batch-row'
  | 'batch-swapped'
  | 'key-list'
  | 'key'
  | 'counts'
  | 'observation'
  | 'entry'
  | 'event-gone'
  | 'event-changed'
  | 'event-added'
  | 'finding-state'
  | 'finding-history'
  | 'finding-name'
  | 'finding-field'
  | 'waiver'
  | 'approval'
  | 'acknowledgement-gone'
  | 'acknowledgement-unlogged'
  | 'review-gone'
  | 'review-unlogged'
  | 'review-field'
  | 'review-list'
  | 'decision';

/** Something in the records that is not as the log says. All but `code` only where they apply. */
export interface RecordDifference {
  readonly code: DifferenceCode;
  /** The number of the leaf that says otherwise. */
  readonly leaf?: number | undefined;
  /** The id of the sweep. */
  readonly sweep?: string | undefined;
  readonly source?: string | undefined;
  readonly keyId?: string | undefined;
  /** The rule of the finding. */
  readonly rule?: string | undefined;
  /** The row, the batch, or the part of a leaf. */
  readonly place?: string | undefined;
  /** Which field of it. */
  readonly field?: string | undefined;
  /** What the log says, as far as it is known. */
  readonly was?: string | undefined;
  /** What the records say now. */
  readonly is?: string | undefined;
}

/** Where the differences go. */
export type NoteDifference = (difference: RecordDifference) => void;
