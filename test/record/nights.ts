import { sql } from 'kysely';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import type { KeyDetails } from '../../src/keys/detail-fields.ts';
import type { Observation } from '../../src/keys/observation.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';
import type { Database } from '../../src/record/store/database.ts';
import { readJudgement, type StoredJudgement } from '../../src/record/store/stored-judgement.ts';
import { recordBatch } from '../../src/record/sweeps/record-batch.ts';
import { claim, close, inputs, open } from './world.ts';

/** What the vendor says of a key one night; a reason where it says nothing. */
export type Said = Partial<KeyDetails> | 'missing' | 'unreachable';

/** One sweep. `opened`: when it counts as opened. `named`: a sweep of these keys only. */
export interface Night {
  readonly keys: readonly TrackedKey[];
  readonly rules: string;
  readonly opened: Date;
  readonly said: ReadonlyMap<string, Said>;
  readonly usageLagMs?: number;
  readonly named?: readonly TrackedKey[];
}

const ordinary: KeyDetails = {
  name: 'Checkout',
  type: 'secret',
  scopes: ['customers:read'],
  createdOn: new Date('2026-11-01T00:00:00Z'),
  lastUsed: new Date('2026-11-20T00:00:00Z'),
  lastFour: '7dc0',
};

/** Runs a sweep as a worker does it, with a vendor that says this. */
export async function runNight(database: Database, night: Night): Promise<string> {
  const { sweepId, batches } = await open(database, inputs(night.keys, night.rules), night.named);
  await sql`update keysweep.sweep set opened_at = ${night.opened} where uuid = ${sweepId}`.execute(
    database.db,
  );
  await sql`
    update keysweep.tracked_key set tracked_at = ${night.opened} where tracked_at > ${night.opened}
  `.execute(database.db);
  const at = new Date();
  for (const { batch } of batches) {
    const claimed = await claim(database, { sweepId }, batch);
    const policy = compilePolicy(claimed.policy);
    const judged = claimed.keys.map((pending) => {
      const { key, history } = pending;
      const observation = observe(night.said.get(key.keyId), at);
      const usageLagMs = night.usageLagMs ?? 0;
      const asOf = claimed.asOf;
      const judgement = evaluate({ observation, key, policy, asOf, usageLagMs, history });
      return { pending, observation, judgement };
    });
    await recordBatch(database, claimed, {
      judged,
      unanswered: [],
      sourceRefused: false,
      retryInMs: 1_000,
    });
  }
  await close(database, sweepId);
  return sweepId;
}

function observe(said: Said | undefined, at: Date): Observation {
  if (said === 'missing') return { kind: 'missing', at };
  if (said === 'unreachable') {
    return { kind: 'unknown', at, reason: 'unreachable', detail: 'no connection' };
  }
  return { kind: 'present', at, details: { ...ordinary, ...said } };
}

/** What a sweep has kept of each key: its violations and what could not be judged. */
export async function readKept(database: Database, sweepId: string) {
  const { rows } = await sql<{ key_id: string; judgement: StoredJudgement | null }>`
    select k.key_id, s.judgement from keysweep.sweep_key s
    join keysweep.tracked_key k on k.id = s.key_id
    join keysweep.sweep w on w.id = s.sweep_id where w.uuid = ${sweepId} order by k.key_id
  `.execute(database.db);
  return new Map(rows.map((row) => [row.key_id, readJudgement(row.judgement)]));
}
