/** A cost, where its figure comes from, and whether that is only a guess that is to be measured. */
interface Cost {
  readonly value: number;
  readonly unit: 'µs' | 'ms' | 'bytes' | 'statements' | 'calls' | 'connections';
  readonly source: string;
  readonly isToBeMeasured: boolean;
}

const cost = (value: number, unit: Cost['unit'], source: string): Cost => ({
  ...{ value, unit, source },
  isToBeMeasured: source.startsWith('to be measured'),
});

/**
 * What a batch and a key cost. The only table of such figures; `--cost NAME=VALUE` replaces one for a
 * run. Processor times are those of one core. The sums of worker, PostgreSQL, Redis and vendor are
 * printed by `engine` and `scale`; how a sum is split between keys and batches is estimated until
 * two batch sizes have been measured.
 */
export const costs = {
  askKey: cost(140, 'µs', 'worker, thread of sources: a call, by `client`'),
  workKey: cost(
    110,
    'µs',
    'to be measured: worker, main thread; with `askKey` the sum of `engine`',
  ),
  workBatch: cost(4_000, 'µs', 'to be measured: worker, main thread: a job and its statements'),
  databaseKey: cost(60, 'µs', 'to be measured: `engine` printed 91 to 140 in all, busy machine'),
  databaseBatch: cost(4_000, 'µs', 'to be measured: planning, locks and the row of the sweep'),
  redisBatch: cost(1_700, 'µs', 'to be measured: `engine` printed 8.4 a key, busy machine'),
  permitsCall: cost(15, 'µs', 'to be measured: the script that gives permits'),
  claimStatements: cost(2, 'statements', 'counted in `claim-batch.ts`'),
  recordStatements: cost(10, 'statements', 'counted in `record-batch.ts`, BEGIN and COMMIT too'),
  queueCalls: cost(2, 'calls', 'assumed: BullMQ ends a job and takes the next in one call or two'),
  commit: cost(2, 'ms', 'to be measured: a commit that waits for the disk'),
  claimKeyBytes: cost(400, 'bytes', 'to be measured: a row of a claim on the wire'),
  recordKeyBytes: cost(500, 'bytes', 'to be measured: a verdict with its content on the wire'),
  logKeyBytes: cost(600, 'bytes', 'to be measured: write-ahead log of a key'),
  answerBytes: cost(1_000, 'bytes', 'to be measured: an answer of the vendor, with its request'),
  openKey: cost(40, 'µs', 'to be measured: opening; `scale` printed 52, 10,000 keys, busy machine'),
  closeKey: cost(10, 'µs', 'to be measured: closing, in one process'),
  vendorKey: cost(58, 'µs', 'to be measured: the vendor of `engine`, for --check; busy machine'),
  nightKeyBytes: cost(135, 'bytes', 'a key and night in the database, before packs'),
  packKeyBytes: cost(25, 'bytes', 'to be measured by `night`: the aim of a packed key and night'),
  deleteRow: cost(5, 'µs', 'to be measured: deleting a row, with the vacuum after it'),
} as const satisfies Readonly<Record<string, Cost>>;

export type CostName = keyof typeof costs;
export type Costs = Readonly<Record<CostName, number>>;

export const usualCosts = Object.fromEntries(
  Object.entries(costs).map(([name, { value }]) => [name, value]),
) as Costs;
