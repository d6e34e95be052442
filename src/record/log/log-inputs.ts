import { sql } from 'kysely';
import type { PolicyDocument } from '../../config/config.ts';
import { hashWaiver } from '../../evaluate/waivers/compile-waivers.ts';
import type { Waiver } from '../../evaluate/waivers/waiver.ts';
import { encodeInventory, nameObject } from '../../evidence/manifest.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { logGone, logIfChanged, readFacts } from './log-changes.ts';

/** The policy of a sweep that is being opened, and its row. */
export interface LoggedInputs {
  readonly policy: PolicyDocument;
  readonly sweepRow: number;
  readonly scope: 'full' | 'partial';
  readonly tracked: number;
}

/** Tells the log of a policy, its waivers and an inventory that differ from those it said last. */
export async function logInputs(
  tx: RecordsTransaction,
  { policy, sweepRow, scope, tracked }: LoggedInputs,
): Promise<void> {
  await logPolicy(tx, policy);
  if (scope === 'full') await logInventory(tx, sweepRow, tracked);
}

async function logPolicy(tx: RecordsTransaction, { policy, hash }: PolicyDocument): Promise<void> {
  const name = hash.replace('sha256:', '');
  const { version, waivers } = policy;
  const fact = { kind: 'policy', name: '', value: name } as const;
  const changed = await logIfChanged(tx, fact, { event: 'policy-set', version }, { policy: name });
  if (!changed) return;
  const now = await readNow(tx);
  // A policy may keep a waiver for a year after its last day.
  for (const waiver of waivers) if (waiver.expires > now) await logWaiver(tx, waiver);
  const hashes = new Set(waivers.map(hashWaiver));
  for (const known of await readWaiverFacts(tx)) {
    if (!hashes.has(known.hash)) await logEnd(tx, known, 'removed');
  }
}

/** A waiver that is approved anew is another one; see `hashWaiver`. */
async function logWaiver(tx: RecordsTransaction, waiver: Waiver): Promise<void> {
  const { id, rule, keys, match, requestedBy, approvedBy, reason, expires } = waiver;
  const hash = hashWaiver(waiver);
  const value = JSON.stringify({ waiver: id, expires });
  await logIfChanged(
    tx,
    { kind: 'waiver', name: hash, value },
    {
      event: 'waiver-set',
      ...{ waiver: id, hash, rule, requestedBy, approvedBy, reason },
      keys: keys?.length ?? null,
      match: partsOf(match),
      expires: expires.toISOString(),
    },
  );
}

/** What a leaf has room for beside the longest of its other parts. */
const mostMatchBytes = 50_000;

/** Null for a match that is too long as well: it stands in the policy, which the log refers to. */
function partsOf(match: Waiver['match']): Record<string, string[]> | null {
  if (match === undefined) return null;
  const parts: Record<string, string[]> = {};
  for (const [part, texts = []] of Object.entries(match)) parts[part] = [...texts];
  return Buffer.byteLength(JSON.stringify(parts)) > mostMatchBytes ? null : parts;
}

async function logInventory(tx: RecordsTransaction, sweepRow: number, keys: number): Promise<void> {
  const { rows } = await sql<{ source: string; list: string }>`
    select b.source, encode(l.hash, 'hex') as list
    from keysweep.sweep_batch b join keysweep.key_list l on l.id = b.list_id
    where b.sweep_id = ${sweepRow} order by b.batch
  `.execute(tx);
  const inventory = nameObject(encodeInventory(rows));
  const fact = { kind: 'inventory', name: '', value: inventory } as const;
  await logIfChanged(tx, fact, { event: 'inventory-set', keys }, { inventory });
}

/** A waiver that the log told of, and has not ended. */
interface KnownWaiver {
  readonly hash: string;
  readonly waiver: string;
  readonly expires: string;
}

async function readWaiverFacts(tx: RecordsTransaction): Promise<readonly KnownWaiver[]> {
  const facts = await readFacts(tx, 'waiver');
  return facts.map(({ name, value }) => ({ hash: name, ...JSON.parse(value) }));
}

async function logEnd(
  tx: RecordsTransaction,
  { hash, waiver }: KnownWaiver,
  because: 'removed' | 'expired',
): Promise<void> {
  const event = { event: 'waiver-ended', waiver, hash, because } as const;
  await logGone(tx, { kind: 'waiver', name: hash }, event);
}

/** Tells the log of waivers whose last day is over. */
export async function logExpiredWaivers(database: Database): Promise<void> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (
      select from keysweep.log_fact where kind = 'waiver'
        and (value::jsonb ->> 'expires')::timestamptz <= clock_timestamp()
    ) as due
  `.execute(database.db);
  if (rows[0]?.due !== true) return;
  await database.transact(async (tx) => {
    const now = await readNow(tx);
    for (const known of await readWaiverFacts(tx)) {
      if (new Date(known.expires) <= now) await logEnd(tx, known, 'expired');
    }
  });
}

async function readNow(tx: RecordsTransaction): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx);
  return rows[0]?.now ?? new Date(0);
}
