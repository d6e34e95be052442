import { sql } from 'kysely';
import type { Config, ScheduleConfig } from '../config/config.ts';
import { type KeyState, newKey } from '../evaluate/history/key-state.ts';
import { compilePolicy } from '../evaluate/policy/compile-policy.ts';
import { settleWaivers } from '../evaluate/waivers/approvals.ts';
import { keepKeys } from '../inventory/keep-keys.ts';
import { collectKeys } from '../inventory/listed-keys.ts';
import type { Observation } from '../keys/observation.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { planSightings } from '../record/findings/plan-sightings.ts';
import { writeMemories } from '../record/findings/write-memories.ts';
import { type ObservedVerdict, writeVerdicts } from '../record/findings/write-verdicts.ts';
import { writeWaivers } from '../record/findings/write-waivers.ts';
import { appendLeaf } from '../record/log/append-leaf.ts';
import type { Database, RecordsTransaction } from '../record/store/database.ts';
import { toContent } from '../record/store/observation-content.ts';
import { mirrorInventory } from '../record/sweeps/inventory/mirror-inventory.ts';
import { storeObservations } from '../record/sweeps/store-observations.ts';
import { storePolicy } from '../record/sweeps/write-sweep.ts';
import type { Fleet } from '../sandbox/fleet.ts';
import { createLife, type Life } from './create-life.ts';
import { listNights, type PastNight } from './list-nights.ts';
import { type ObservedNight, observeNights } from './observe-nights.ts';
import { pastLives } from './past-lives.ts';
import { type JudgedNight, type PastRows, planPast, type SimulatedPast } from './plan-past.ts';
import { writePastFindings } from './write-findings.ts';
import { type PastSweep, placeNights, writeNights } from './write-nights.ts';
import { writeTicks } from './write-ticks.ts';

/** `fleet`: the vendor's keys as they are at `now`. */
export interface PastInputs {
  readonly config: Pick<Config, 'inventory' | 'policy' | 'approvals' | 'sources' | 'schedules'>;
  readonly fleet: Pick<Fleet, 'get'>;
  readonly now: Date;
}

/**
 * Fills an empty store with sixty nights of the first schedule, each marked as simulated: as if
 * the sample fleet had been audited every night, one missed and one cut short. The keys are judged
 * as sweeps judge them; only the writing is done at once for all nights. Nobody is alerted. Keys
 * that were created after the last night are left to the next sweep.
 */
export async function seedPast(database: Database, inputs: PastInputs): Promise<void> {
  const [schedule] = inputs.config.schedules;
  if (schedule === undefined) return;
  const nights = listNights(schedule, inputs.now);
  const lives = createLives(inputs, await collectKeys(inputs.config.inventory), nights);
  const observed = observeNights(nights, lives);
  await database.transactLong(async (tx) => {
    const past = await judgePast(tx, observed, lives, inputs);
    await writePast(tx, past, { ...inputs, schedule, nights });
  });
}

function createLives(
  { fleet, now }: PastInputs,
  keys: readonly TrackedKey[],
  nights: readonly PastNight[],
) {
  const terms = { now, since: nights[0]?.dueAt ?? now };
  const end = nights.at(-1)?.dueAt ?? now;
  return keys
    .map((key) => createLife(key, fleet.get(key.keyId), pastLives[key.keyId], terms))
    .filter(({ trackedAt }) => trackedAt <= end);
}

interface StoredPast extends SimulatedPast {
  readonly policyRow: number;
  readonly lives: readonly (Life & { readonly row: number })[];
}

async function judgePast(
  tx: RecordsTransaction,
  observed: readonly ObservedNight[],
  lives: readonly Life[],
  { config }: PastInputs,
): Promise<StoredPast> {
  const listed = keepKeys(lives.map(({ key }) => key));
  await mirrorInventory(tx, { hash: listed.hash, keys: listed, files: [] }, true);
  const policyRow = await storePolicy(tx, config.policy);
  const rows = { ...(await readRows(tx, lives, observed)), policy: policyRow };
  // Nobody could have approved a waiver in nights that are invented.
  const approved = config.approvals === undefined ? null : [];
  const policy = settleWaivers(config.policy.policy, approved);
  const usageLagMs = config.sources[0]?.usageLagMs ?? 0;
  const past = planPast(observed, { policy, compiled: compilePolicy(policy), usageLagMs, rows });
  return { ...past, policyRow, lives: lives.map((life) => ({ ...life, ...rows.rowsOf(life) })) };
}

async function readRows(
  tx: RecordsTransaction,
  lives: readonly Life[],
  observed: readonly ObservedNight[],
): Promise<Omit<PastRows, 'policy'>> {
  const tracked = await tx
    .selectFrom('tracked_key')
    .innerJoin('inventory_entry as e', 'e.id', 'tracked_key.entry_id')
    .select(['tracked_key.id as row', 'entry_id as entry', 'e.hash as entryHash'])
    .select(['source', 'key_id'])
    .execute();
  const found = new Map(tracked.map((one) => [JSON.stringify([one.source, one.key_id]), one]));
  const rows = new Map(
    lives.map(({ key }) => [key, found.get(JSON.stringify([key.source, key.keyId]))]),
  );
  const hashOf = (observation: Observation) => toContent(observation)?.hash ?? '';
  const all = observed.flatMap((night) => night.observed.map(({ observation }) => observation));
  const contents = await storeObservations(tx, all.map(toContent));
  return {
    rowsOf({ key }) {
      const { row, entry, entryHash } = rows.get(key) ?? noRows;
      return { row, entry, entryHash };
    },
    contentOf: (observation) => contents.get(hashOf(observation)) ?? null,
  };
}

const noRows = { row: 0, entry: 0, entryHash: Buffer.alloc(32) };

interface WriteTerms extends PastInputs {
  readonly schedule: ScheduleConfig;
  readonly nights: readonly PastNight[];
}

async function writePast(
  tx: RecordsTransaction,
  { nights: judged, states, policyRow, lives }: StoredPast,
  { config, schedule, nights, now }: WriteTerms,
): Promise<void> {
  const sweeps = await writeNights(tx, judged, { schedule, policyRow });
  await writeTicks(tx, { schedule, nights, sweeps, now });
  await writePastFindings(tx, judged, sweeps, config.policy.policy);
  await writeStates(tx, lives, states, newestVerdicts(judged));
  await writeBaselines(tx, judged, states, sweeps);
  await placeNights(tx, sweeps);
  await logPast(tx, judged);
}

/** Nothing of the past happened, so the evidence log has one leaf for all of it. */
async function logPast(tx: RecordsTransaction, nights: readonly JudgedNight[]): Promise<void> {
  const opened = nights.map(({ openedAt }) => openedAt.toISOString());
  const [from, to] = [opened[0], opened.at(-1)];
  if (from === undefined || to === undefined) return;
  await appendLeaf(tx, { event: 'simulated', sweeps: nights.length, from, to });
}

async function writeStates(
  tx: RecordsTransaction,
  lives: StoredPast['lives'],
  states: SimulatedPast['states'],
  verdicts: ReadonlyMap<number, ObservedVerdict>,
): Promise<void> {
  await sql`
    update keysweep.tracked_key k set tracked_at = n.at
    from unnest(
      ${lives.map(({ row }) => row)}::integer[],
      ${lives.map(({ trackedAt }) => trackedAt.toISOString())}::timestamptz[]
    ) as n (row, at)
    where k.id = n.row
  `.execute(tx);
  await writeVerdicts(tx, [...verdicts.values()]);
  await writeMemories(
    tx,
    [...states].flatMap((state) => {
      const newest = verdicts.get(state[0]);
      if (newest === undefined) return [];
      const key = fromNothing(state);
      return { ...key, ...planSightings(key), verdict: newest.verdict };
    }),
  );
}

/** The verdict of each key's last night, by the row of the key. */
function newestVerdicts(nights: SimulatedPast['nights']): ReadonlyMap<number, ObservedVerdict> {
  const verdicts = nights.flatMap(({ keys }) =>
    keys.map(({ row, judgement, observation }) => {
      return [row, { row, verdict: judgement.verdict, at: observation.at }] as const;
    }),
  );
  return new Map(verdicts);
}

/** The baselines of waivers, each in the name of the sweep in which it covered the key first. */
async function writeBaselines(
  tx: RecordsTransaction,
  nights: SimulatedPast['nights'],
  states: SimulatedPast['states'],
  sweeps: readonly PastSweep[],
): Promise<void> {
  const left = new Map([...states].filter(([, { waived }]) => waived.size > 0));
  for (const [index, { moves }] of nights.entries()) {
    const covered = moves.filter(({ transition }) => transition.kind === 'waived');
    for (const { row } of covered) {
      const state = left.get(row);
      const sweep = sweeps[index];
      if (state === undefined || sweep === undefined) continue;
      await writeWaivers(tx, { sweepRow: sweep.id }, [fromNothing([row, state])]);
      left.delete(row);
    }
  }
}

function fromNothing([row, next]: readonly [number, KeyState]) {
  return { row, transitions: [], state: newKey(), next };
}
