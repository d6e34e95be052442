import { createHash } from 'node:crypto';
import { encodeChanges, type FindingChange } from '../../../src/evidence/changes.ts';
import { batchRoot, sweepRoot } from '../../../src/evidence/keys-root.ts';
import type { LogEvent } from '../../../src/evidence/leaves/events.ts';
import { encodeLeaf, type Subjects } from '../../../src/evidence/leaves/leaf.ts';
import { encodeCheckpoint } from '../../../src/evidence/log/checkpoint.ts';
import { hashLeaf, rootOf } from '../../../src/evidence/log/merkle.ts';
import { encodeNote, signNote } from '../../../src/evidence/log/note.ts';
import { type SigningKey, signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import {
  encodeInventory,
  encodeManifest,
  type Manifest,
  nameObject,
} from '../../../src/evidence/manifest.ts';
import { encodePack, type PackedKey } from '../../../src/evidence/pack.ts';
import { encodePackedList, hashPackedList } from '../../../src/evidence/pack-files/packed-list.ts';

export const day = 86_400_000;
export const origin = 'keysweep/acme';

/** A key that grows from a name: the same in each run. */
export function keyOf(name: string, type: 1 | 4 = 1, seed = name): SigningKey {
  return signingKeyOf(name, type, createHash('sha256').update(seed).digest());
}

/** What one sweep found of a key. */
export interface SweptKey {
  readonly keyId: string;
  /** pass, fail, waived, unknown. */
  readonly verdict: 1 | 2 | 3 | 4;
  readonly partial?: boolean;
}

export interface Night {
  readonly dueAt: Date;
  readonly closedAt: Date;
  readonly schedule: string | null;
  readonly scope: 'full' | 'partial';
  readonly keys: readonly SweptKey[];
  readonly changes: readonly FindingChange[];
  /** The text of the policy that it judges by. */
  readonly policy: string;
  /** What the leaf says otherwise than the evidence. */
  readonly lie: Partial<Extract<LogEvent, { event: 'sweep-closed' }>>;
}

type EventWithoutTime = LogEvent extends infer E
  ? E extends LogEvent
    ? Omit<E, 'at'>
    : never
  : never;

/** What an installation keeps beside its log. */
export interface SweepRecord {
  readonly leaf: number;
  readonly sweep: string;
  readonly at: Date;
  readonly objects: readonly string[];
  readonly lists: readonly string[];
  readonly rows: readonly number[];
}

export interface InstallationOptions {
  readonly key?: SigningKey | null;
  readonly witnesses?: readonly SigningKey[];
  readonly origin?: string;
  readonly uuid?: string;
}

const text = '# a policy\nversion: 1\n';

/** A small model of an installation: a log, what it refers to, and a signer. */
export class Installation {
  readonly origin: string;
  readonly uuid: string;
  key: SigningKey | null;
  witnesses: readonly SigningKey[];
  readonly leaves: Buffer[] = [];
  /** By size. */
  readonly checkpoints = new Map<number, string>();
  readonly objects = new Map<string, string>();
  readonly lists = new Map<string, string>();
  readonly contents = new Map<number, string>();
  readonly sweeps: SweepRecord[] = [];
  #sweepCount = 0;

  constructor(options: InstallationOptions = {}) {
    this.origin = options.origin ?? origin;
    this.uuid = options.uuid ?? '6f0a3c9e-7f43-4e9b-9d3d-3a1f0c9be111';
    this.key = options.key === undefined ? keyOf(this.origin) : options.key;
    this.witnesses = options.witnesses ?? [];
  }

  /** Appends a leaf. */
  tell(event: EventWithoutTime, at: Date, subjects: Subjects = {}): number {
    const said = { ...event, at: at.toISOString() } as LogEvent;
    return this.leaves.push(Buffer.from(encodeLeaf({ event: said, subjects }))) - 1;
  }

  /** The leaves that every log begins with, and one nightly schedule. */
  begin(at: Date, cron = '0 2 * * *', timezone = 'UTC'): this {
    this.tell({ event: 'log-created', installation: this.uuid, keysweep: '0.1.0' }, at);
    this.tell({ event: 'retention-set', retentionMs: 400 * day }, at);
    this.schedule(at, { cron, timezone });
    this.tell({ event: 'policy-set', version: '1' }, at, { policy: nameObject(text) });
    return this;
  }

  schedule(at: Date, { schedule = 'nightly', cron = '0 2 * * *', timezone = 'UTC' } = {}): void {
    this.tell(
      {
        ...{ event: 'schedule-set', schedule, cron, timezone },
        ...{ catchUpMs: 3_600_000, overlap: 'skip', deadlineMs: 8 * 3_600_000 },
      },
      at,
    );
  }

  /** Runs a sweep: its objects, and the leaf that closes it. */
  sweep(night: Partial<Night> & Pick<Night, 'dueAt'>): number {
    const { dueAt, scope = 'full', changes = [], lie = {} } = night;
    const closedAt = night.closedAt ?? new Date(dueAt.getTime() + 600_000);
    const schedule = night.schedule === undefined ? 'nightly' : night.schedule;
    const keys = night.keys ?? usualKeys;
    const sweep = uuidOf(++this.#sweepCount);
    const made = this.#pack(sweep, keys, dueAt);
    const inventory = this.#keep(encodeInventory(made.manifest.batches));
    const evidence = this.#keep(encodeManifest(made.manifest));
    const subjects = {
      ...{ evidence, inventory, policy: this.#keep(night.policy ?? text) },
      changes: this.#keep(
        encodeChanges({ sweep, events: [...changes], standing: scope === 'full' ? [] : null }),
      ),
    };
    const leaf = this.tell(
      {
        ...{ event: 'sweep-closed', sweep, trigger: 'schedule', scope, schedule },
        dueAt: schedule === null ? null : dueAt.toISOString(),
        openedAt: new Date(dueAt.getTime() + 1_000).toISOString(),
        closedAt: closedAt.toISOString(),
        deadlineAt: new Date(dueAt.getTime() + 8 * 3_600_000).toISOString(),
        ...made.totals,
        ...{ keysRoot: made.keysRoot, keysweep: '0.1.0' },
        ...lie,
      },
      closedAt,
      subjects,
    );
    const objects = [...Object.values(subjects), ...made.packs];
    const { lists, rows } = made;
    this.sweeps.push({ leaf, sweep, at: dueAt, objects, lists, rows });
    return leaf;
  }

  /** Signs the log as it is, and lets its witnesses cosign at this time. */
  sign(at: Date): string {
    const text = encodeCheckpoint({
      ...{ origin: this.origin, size: this.leaves.length, extensions: [] },
      root: rootOf(this.leaves.map(hashLeaf)),
    });
    const seconds = Math.floor(at.getTime() / 1_000);
    const cosigned = this.key === null ? [] : this.witnesses;
    const signatures = [
      ...(this.key === null ? [] : [signNote(text, this.key)]),
      ...cosigned.map((witness) => signNote(text, witness, seconds)),
    ];
    const note = encodeNote({ text, signatures });
    this.checkpoints.set(this.leaves.length, note);
    return note;
  }

  /** Removes the evidence of a sweep, and tells the log. */
  prune(index: number, at: Date, retentionMs = 400 * day): void {
    const { sweep, objects, leaf } = this.sweeps[index]!;
    const manifest = this.subjectOf(leaf, 'evidence');
    this.tell({ event: 'evidence-pruned', retentionMs, sweeps: [{ sweep, manifest }] }, at);
    const others = this.sweeps.filter((_, at) => at !== index).flatMap((one) => one.objects);
    for (const name of objects) if (!others.includes(name)) this.objects.delete(name);
  }

  subjectOf(leaf: number, name: string): string {
    const { subject } = JSON.parse(this.leaves[leaf]!.toString()) as {
      subject: { name: string; digest: { sha256: string } }[];
    };
    return subject.find((one) => one.name === name)!.digest.sha256;
  }

  #keep(object: string): string {
    const name = nameObject(object);
    this.objects.set(name, object);
    return name;
  }

  #pack(sweep: string, keys: readonly SweptKey[], at: Date) {
    const seed = createHash('sha256').update(sweep).digest();
    const batches: Manifest['batches'] = [];
    const [packs, lists, rows]: [string[], string[], number[]] = [[], [], []];
    for (let start = 0; start < keys.length; start += batchSize) {
      const some = keys.slice(start, start + batchSize);
      const list = {
        source: 'main',
        keys: some.map(({ keyId }) => [keyId, entryOf(keyId)] as [string, string]),
      };
      const listHash = hashPackedList(list);
      this.lists.set(listHash.toString('hex'), encodePackedList(list));
      const packed = some.map((key, index) => this.#packKey(key, start + index, at));
      rows.push(...packed.flatMap(({ observation }) => observation ?? []));
      const batch = batches.length;
      const pack = this.#keep(encodePack({ sweep, batch, source: 'main', listHash, keys: packed }));
      packs.push(pack);
      lists.push(listHash.toString('hex'));
      const keysRoot = batchRoot(seed, { source: 'main', keys: packed }).toString('base64');
      batches.push({
        ...{ batch, source: 'main', keys: some.length, pack, keysRoot },
        list: listHash.toString('hex'),
      });
    }
    const roots = batches.map(({ keysRoot }) => Buffer.from(keysRoot ?? '', 'base64'));
    return {
      ...{ packs, lists, rows },
      manifest: { sweep, seed: seed.toString('base64'), batches },
      keysRoot: sweepRoot(roots).toString('base64'),
      totals: totalsOf(keys),
    };
  }

  #packKey({ keyId, verdict, partial = false }: SweptKey, index: number, at: Date): PackedKey {
    const content = JSON.stringify({ name: keyId, verdict });
    const row = index * 10 + verdict;
    if (verdict !== 4) this.contents.set(row, content);
    return {
      ...{ key: index + 1, keyId, entry: index + 1, verdict },
      entryHash: createHash('sha256').update(entryOf(keyId)).digest(),
      observation: verdict === 4 ? null : row,
      contentHash: verdict === 4 ? null : createHash('sha256').update(content).digest(),
      observedAt: new Date(at.getTime() + 2_000),
      lastUsed: verdict === 1 ? new Date(at.getTime() - day) : null,
      judgement: judgementOf(verdict, partial),
    };
  }
}

const batchSize = 2;

export const usualKeys: readonly SweptKey[] = [
  { keyId: 'k1', verdict: 1 },
  { keyId: 'k2', verdict: 2 },
  { keyId: 'k3', verdict: 3 },
];

function entryOf(keyId: string): string {
  return JSON.stringify([`owner of ${keyId}`, 'production', ['read'], []]);
}

function judgementOf(verdict: SweptKey['verdict'], partial: boolean) {
  const unjudged = { u: [['rule', 'field-unreadable', ['lastUsed']]] };
  if (verdict === 4 || partial) return unjudged;
  if (verdict === 1) return null;
  return { v: [['too-old', { ageDays: 400, allowedDays: 365 }, verdict === 3 ? 'w1' : null]] };
}

function totalsOf(keys: readonly SweptKey[]) {
  const count = (verdict: number) => keys.filter((key) => key.verdict === verdict).length;
  const verdicts = { pass: count(1), fail: count(2), waived: count(3), unknown: count(4) };
  const partial = keys.filter((key) => key.verdict !== 4 && key.partial === true).length;
  const { unknown } = verdicts;
  const audited = keys.length - unknown;
  return {
    verdicts,
    coverage: { tracked: keys.length, audited, unknown, partial },
    status: unknown + partial === 0 ? ('complete' as const) : ('incomplete' as const),
  };
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
