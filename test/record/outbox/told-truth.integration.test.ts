import { expect, test } from 'vitest';
import type { Violation } from '../../../src/evaluate/judgement.ts';
import type { TrackedKey } from '../../../src/keys/tracked-key.ts';
import { closeSweep } from '../../../src/record/closing/close-sweep.ts';
import { releaseSweep } from '../../../src/record/closing/release-sweep.ts';
import { acknowledgeFinding } from '../../../src/record/findings/acknowledge-finding.ts';
import { lapseWaivers } from '../../../src/record/findings/lapse-waivers.ts';
import type { Alerting } from '../../../src/record/outbox/alerting.ts';
import type { ClaimedBatch } from '../../../src/record/store/claimed-batch.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { RequestRefused } from '../../../src/record/store/errors.ts';
import { recordBatch } from '../../../src/record/sweeps/record-batch.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { describePostgres, describeStores } from '../stores.ts';
import { all, answer, aSource, claim, inputs, open, run, someKeys } from '../world.ts';

const rules = `
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
  - { id: gone, type: missing, severity: low }
`;
const stale = `
  - { id: stale, type: stale, after: 45d, severity: high }
`;
const waiversOf = (keys: readonly TrackedKey[]) => `
waivers:
  - id: W
    rule: stale
    keys: ${JSON.stringify(keys.map(({ source, keyId }) => ({ source, keyId })))}
    reason: season
    requestedBy: ann
    approvedBy: bob
    expires: 2099-01-01
`;

/** Numbers from 0 to below 1, the same for the same seed. */
function aRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a key is; the vendor and the policy say so in the next sweep. */
type Way = 'well' | 'stale' | 'waived' | 'missing' | 'silent' | 'unreadable' | 'woken';
const ways: readonly Way[] = [
  'well',
  'stale',
  'waived',
  'missing',
  'silent',
  'unreadable',
  'woken',
];

interface OpenSweep {
  readonly sweepId: string;
  readonly batches: ClaimedBatch[];
}

/** A fleet whose sweeps, re-audits, operators and clocks come in any order. */
class Fleet {
  readonly database: Database;
  readonly random: () => number;
  readonly keys: readonly TrackedKey[];
  readonly ways = new Map<string, Way>();
  readonly history: string[] = [];
  sweeps: OpenSweep[] = [];
  tracked: readonly TrackedKey[];
  judgesStale = true;
  holds = true;
  wakings = 0;

  constructor(database: Database, seed: number) {
    this.database = database;
    this.random = aRandom(seed);
    this.keys = someKeys(6, aSource());
    this.tracked = this.keys;
  }

  get terms(): Alerting {
    const anomaly = this.holds ? { changed: 0.3, atLeast: 2 } : undefined;
    return anAlerting(['siem', 'log'], { anomaly });
  }

  pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.random() * from.length)];
  }

  async open(named?: readonly TrackedKey[]): Promise<void> {
    const more = this.judgesStale ? stale + waiversOf(this.keys) : '';
    const using = inputs(this.tracked, rules + more);
    const { sweepId, batches } = await open(this.database, using, named);
    const claimed = [];
    for (const { batch } of batches) claimed.push(await claim(this.database, { sweepId }, batch));
    this.sweeps.push({ sweepId, batches: claimed });
  }

  async record({ batches }: OpenSweep): Promise<void> {
    const batch = batches.shift();
    if (batch === undefined) return;
    const at = await this.now();
    const judgesStale = batch.policy.rules.some(({ id }) => id === 'stale');
    const judged = batch.keys.map((pending) => {
      const way = this.ways.get(pending.key.keyId) ?? 'well';
      const answered = answer(pending, at, {
        missing: way === 'missing',
        unknown: way === 'silent',
        unjudged: way === 'unreadable' ? ['woke'] : [],
      });
      const violations = this.violationsOf(way, judgesStale, pending.history.openEvents);
      if (violations.length === 0) return answered;
      const waived = violations.every(({ waiver }) => waiver !== null);
      const verdict = waived ? ('waived' as const) : ('fail' as const);
      return {
        ...answered,
        judgement: { ...answered.judgement, violations, verdict, known: true },
      };
    });
    await recordBatch(this.database, batch, {
      judged,
      unanswered: [],
      sourceRefused: false,
      retryInMs: 1_000,
    });
    for (const [key, way] of this.ways) if (way === 'woken') this.ways.set(key, 'well');
  }

  violationsOf(way: Way, judgesStale: boolean, openEvents: ReadonlyMap<string, unknown>) {
    const found: Violation[] = [];
    if (way === 'silent') return found;
    const facts = { idleDays: 60, allowedDays: 45 };
    if (way === 'missing') return [{ rule: 'gone', facts: {}, waiver: null }];
    if (judgesStale && way === 'stale') found.push({ rule: 'stale', facts, waiver: null });
    if (judgesStale && way === 'waived') found.push({ rule: 'stale', facts, waiver: 'W' });
    const woken = openEvents.get('woke');
    if (woken !== undefined) found.push({ rule: 'woke', facts: woken as never, waiver: null });
    else if (way === 'woken') {
      this.wakings += 1;
      found.push({ rule: 'woke', facts: { previousLastUsed: `${this.wakings}` }, waiver: null });
    }
    return found;
  }

  async now(): Promise<Date> {
    const [row] = await all<{ now: Date }>(this.database, 'select clock_timestamp() as now');
    return row?.now ?? new Date();
  }

  async close(sweep: OpenSweep): Promise<void> {
    while (sweep.batches.length > 0) await this.record(sweep);
    this.sweeps = this.sweeps.filter((one) => one !== sweep);
    if ((await closeSweep(this.database, sweep.sweepId, this.terms)) !== undefined) return;
    // Somebody records what is left of it just now.
    this.sweeps.push({ ...sweep, batches: [] });
  }

  async held(): Promise<string[]> {
    const rows = await all<{ uuid: string }>(
      this.database,
      "select uuid from keysweep.sweep where held = 'held' order by id",
    );
    return rows.map(({ uuid }) => uuid);
  }

  readonly steps: Readonly<Record<string, () => Promise<unknown>>> = {
    change: async () => {
      for (const { keyId } of this.keys) {
        if (this.random() < 0.4) this.ways.set(keyId, this.pick(ways) ?? 'well');
      }
    },
    all: async () => {
      const way = this.pick(ways) ?? 'well';
      for (const { keyId } of this.keys) this.ways.set(keyId, way);
    },
    leave: async () => {
      this.tracked = this.keys.filter(() => this.random() < 0.7);
      if (this.tracked.length === 0) this.tracked = this.keys;
    },
    policy: async () => {
      this.judgesStale = !this.judgesStale;
    },
    anomaly: async () => {
      this.holds = !this.holds;
    },
    night: async () => this.sweeps.length < 3 && this.open(),
    audit: async () => {
      const key = this.pick(this.tracked);
      const [known] = await all(
        this.database,
        `select from keysweep.tracked_key where source = '${key?.source}'
         and key_id = '${key?.keyId}' and untracked_at is null`,
      );
      if (key !== undefined && known !== undefined) await this.open([key]);
    },
    record: async () => {
      const sweep = this.pick(this.sweeps);
      if (sweep !== undefined) await this.record(sweep);
    },
    close: async () => {
      const sweep = this.pick(this.sweeps);
      if (sweep !== undefined) await this.close(sweep);
    },
    release: async () => {
      const held = this.pick(await this.held());
      if (held !== undefined) await releaseSweep(this.database, held, this.terms);
    },
    lapse: async () => {
      await run(
        this.database,
        `update keysweep.finding set waived_until = now() - interval '1 minute'
         where state = 'waived' and id % 2 = ${this.wakings % 2}`,
      );
      await lapseWaivers(this.database, this.terms);
    },
    acknowledge: async () => {
      const open = await all<{ fingerprint: string }>(
        this.database,
        `select fingerprint from keysweep.finding where type = 'reawakened' and state = 'open'`,
      );
      const fingerprint = this.pick(open)?.fingerprint;
      if (fingerprint === undefined) return;
      const said = { fingerprint, by: 'ann', known: 'asserted', reason: 'known' } as const;
      await acknowledgeFinding(this.database, said, this.terms);
    },
  };

  async step(): Promise<void> {
    const name = this.pick([
      ...Object.keys(this.steps),
      'change',
      'all',
      'night',
      'close',
      'close',
      'audit',
    ]);
    this.history.push(name ?? '');
    await this.steps[name ?? '']?.();
  }

  /** As several workers and people do it at once: some come too late to be of use. */
  async stepsAtOnce(): Promise<void> {
    const steps = await Promise.allSettled([1, 2, 3, 4].map(() => this.step()));
    const failed = steps.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const wrong = failed.find((error) => !(error instanceof RequestRefused));
    if (wrong !== undefined) throw wrong;
  }

  /** Everything open is closed, everything held released, and a quiet night goes by. */
  async end(): Promise<void> {
    for (const sweep of [...this.sweeps]) await this.close(sweep);
    for (const held of await this.held()) await releaseSweep(this.database, held, this.terms);
    await this.open();
    for (const sweep of [...this.sweeps]) await this.close(sweep);
    for (const held of await this.held()) await releaseSweep(this.database, held, this.terms);
  }
}

interface EventRow {
  readonly id: string;
  readonly finding: number;
  readonly kind: string;
  readonly state: string;
  readonly planned: boolean;
  readonly held: boolean;
  readonly siem: string[];
  readonly log: string[];
}

const after: Readonly<Record<string, string>> = {
  opened: 'open',
  reopened: 'open',
  lapsed: 'open',
  resolved: 'resolved',
};

/** What is wrong with what a channel was told, by finding, as the records have it. */
async function readWrongs(database: Database, source: string): Promise<string[]> {
  const place = (channel: string) => `array(
    select a.place::text from keysweep.alert_event t join keysweep.alert a on a.id = t.alert_id
    where t.event_id = v.id and a.channel = '${channel}' order by a.place) as ${channel}`;
  const events = await all<EventRow>(
    database,
    `select v.id, f.id as finding, v.kind, f.state, v.planned_at is not null as planned,
       exists (
         select from keysweep.finding_event h join keysweep.sweep s on s.id = h.sweep_id
         where h.finding_id = f.id and h.planned_at is null and s.held = 'held'
       ) as held, ${place('siem')}, ${place('log')}
     from keysweep.finding_event v join keysweep.finding f on f.id = v.finding_id
     join keysweep.tracked_key k on k.id = f.key_id
     where k.source = '${source}' order by f.id, v.id`,
  );
  const ids = [...new Set(events.map(({ finding }) => finding))];
  return ids.flatMap((id) =>
    (['siem', 'log'] as const).flatMap((channel) => {
      const some = events.filter(({ finding }) => finding === id);
      const told = some.map((one) => `${one.kind}@${one[channel].join('+')}`).join(' ');
      return wrongsOf(some, channel).map((wrong) => `${channel}: ${wrong} (${told})`);
    }),
  );
}

function wrongsOf(events: readonly EventRow[], channel: 'siem' | 'log'): string[] {
  const untold = events.filter(({ planned }) => !planned).map(({ id }) => `${id} is untold`);
  const told = events.filter((one) => one[channel].length > 0);
  const twice = told.filter((one) => one[channel].length > 1).map(({ id }) => `${id} told twice`);
  const places = told.map((one) => BigInt(one[channel][0] ?? 0));
  const inOrder = places.every((place, n) => n === 0 || place >= (places[n - 1] ?? 0n));
  const { repeats, known } = follow(events, channel);
  const state = events.at(-1)?.state ?? 'resolved';
  return [
    ...[...untold, ...twice, ...repeats],
    ...(inOrder ? [] : ['told out of order']),
    ...(mayKnow[state]?.includes(known) === false ? [`it is ${state} and known as ${known}`] : []),
  ];
}

/** What a channel may think of a finding in this state: that it was waived is told to nobody. */
const mayKnow: Readonly<Record<string, readonly string[]>> = {
  open: ['open'],
  resolved: ['resolved', 'nothing'],
};

/** What a channel knows in the end, and what it is told though it knows. */
function follow(events: readonly EventRow[], channel: 'siem' | 'log') {
  const repeats: string[] = [];
  let known = 'nothing';
  for (const { id, kind, [channel]: places } of events) {
    if (kind === 'waived' && known === 'open') known = 'covered';
    const now = places.length === 0 ? undefined : after[kind];
    if (now === known) repeats.push(`${id} (${kind}) tells what was known`);
    known = now ?? known;
  }
  return { repeats, known };
}

/** SEEDS=1,2,3 tries others. The second tells “resolved” before “opened” where a confirming sweep may. */
const seeds = (process.env['SEEDS'] ?? '7,114').split(',').map(Number);

describeStores('whatever comes in whatever order', (get) => {
  test.each(seeds)(
    'channels get each change correctly, in order and once (seed %i)',
    async (seed) => {
      const fleet = new Fleet(get(), seed);
      for (let steps = 0; steps < 60; steps += 1) await fleet.step();
      await fleet.end();
      const [key] = fleet.keys;
      expect(await readWrongs(get(), key?.source ?? ''), fleet.history.join(' ')).toEqual([]);
    },
  );
});

describePostgres('whatever comes at once', (get) => {
  test.each(seeds)(
    'channels get each change correctly, in order and once (seed %i)',
    async (seed) => {
      const fleet = new Fleet(get(), seed);
      for (let times = 0; times < 15; times += 1) await fleet.stepsAtOnce();
      await fleet.end();
      const [key] = fleet.keys;
      expect(await readWrongs(get(), key?.source ?? ''), fleet.history.join(' ')).toEqual([]);
    },
  );
});
