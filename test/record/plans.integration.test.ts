import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { filledInventory, fillStore } from '../../bench/support/filled-store.ts';
import { signLog } from '../../src/app/evidence/sign-log.ts';
import type { Config } from '../../src/config/config.ts';
import { signingKeyOf } from '../../src/evidence/log/signing-key.ts';
import { keepKeys } from '../../src/inventory/keep-keys.ts';
import { releaseSweep } from '../../src/record/closing/release-sweep.ts';
import { lapseWaivers } from '../../src/record/findings/lapse-waivers.ts';
import { appendLeaf } from '../../src/record/log/append-leaf.ts';
import { renewAlerts } from '../../src/record/outbox/hold-alerts.ts';
import { claimAlerts } from '../../src/record/outbox/outbox.ts';
import { recordAttempt } from '../../src/record/outbox/record-attempt.ts';
import { createRecordFigures } from '../../src/record/reads/figures/create-record-figures.ts';
import { readReviewsPage } from '../../src/record/reads/reviews/read-reviews.ts';
import { type Database, openPostgresDatabase } from '../../src/record/store/database.ts';
import { openTickSweep } from '../../src/record/sweeps/open-sweep.ts';
import { pruneEvidence } from '../../src/record/sweeps/prune-evidence.ts';
import { readUnfinished, startRound } from '../../src/record/sweeps/unfinished.ts';
import { anAlerting } from '../alert/an-alerting.ts';
import { anApi } from '../http/api/an-api.ts';
import { openDashboard } from '../http/pages/a-dashboard.ts';
import { shippedConfig } from '../http/pages/a-past.ts';
import { crawl } from '../http/pages/crawl.ts';
import { freshDatabase } from '../support/postgres.ts';
import { anAlert } from './an-alert.ts';
import {
  type Allowed,
  type AllowedReread,
  findLargeScans,
  findWrongRereads,
  findWrongScans,
  type SettledStore,
  settleStore,
} from './plan-faults.ts';
import { explaining, indexed, leastMemory, type Reread, readPlans } from './watch-plans.ts';
import {
  alerting,
  aTrackedKey,
  claim,
  close,
  inputs,
  one,
  open,
  record,
  recordJudged,
  run,
} from './world.ts';

const [keys, nights] = [2_000, 12];
const inventory = filledInventory(keys);
const added = Array.from({ length: 20 }, (_, n) => aTrackedKey(`new_${n}`, { source: 'another' }));
const using = inputs([...inventory, ...added]);
const quiet = { connectionLost: () => undefined };
/** All that is allowed must be needed too. */
const noFaults = { wrong: [], unneeded: [] };

/** Re-audits of keys, alerts, and rows of tables that `fillStore` leaves empty or nearly so. */
const more = `
  insert into keysweep.sweep (trigger, scope, policy_id, opened_at, deadline_at, closed_at, status,
      open_batches, tracked, closing)
    select 'request', 'partial', 1, at, at, at, 'complete', 0, 0, -n
    from generate_series(1, 1500) n, lateral (select now() - n * interval '1 hour' as at) past;
  insert into keysweep.alert (channel, type, part, parts, body, state, ended_at)
    select 'console', 'findings.changed', 1, 1, '{}', 'delivered', now()
    from generate_series(1, 3000);
  insert into keysweep.request (scope, refused) select 'full', 'no' from generate_series(1, 200);
  insert into keysweep.key_list (hash, first_key, last_key, key_ids, entry_ids)
    select int8send(n), n, n, array[n], array[n] from generate_series(1, 200) n;
  insert into keysweep.alert_after (alert_id, after_id)
    select a.id, b.id from keysweep.alert a join keysweep.alert b on b.place = a.place - 1;
  insert into keysweep.review (review, trigger, due_at, opened_at, answer_by, terms, keys,
      listed_hash)
    select 'quarterly', 'schedule', at, at, at, '{}', 200, ''
    from generate_series(1, 40) n, lateral (select now() - n * interval '90 days' as at) past;
  insert into keysweep.review_sheet (review_id, sheet, owner, keys)
    select id, 1, 'ann', 200 from keysweep.review;
  insert into keysweep.review_key (review_id, place, sheet, key_id, source, key_text, listed)
    select id, n, 1, n, 'flexcharge-sandbox', 'key_' || n,
      '{"environment":null,"approvedScopes":null,"tags":[],"verdict":null,"observedAt":null,
        "findings":[]}'
    from keysweep.review, generate_series(1, 200) n;
  insert into keysweep.review_decision (review_id, place, decision, reason, decided_as, decided_at)
    select review_id, place, 'keep', 'in use', '{"by":"ann","known":"token"}', now()
    from keysweep.review_key;
  update keysweep.review_key k set decision_id = d.id from keysweep.review_decision d
    where d.review_id = k.review_id and d.place = k.place;
  insert into keysweep.checkpoint (size, note) select n, '' from generate_series(1, 200) n;
  insert into keysweep.log_tile (level, n, root, hashes)
    select 5, n, '', '' from generate_series(1, 200) n;
  vacuum analyze
`;

const growLog = (database: Database, leaves: number) =>
  database.transact(async (tx) => {
    for (let n = 0; n < leaves; n += 1) {
      await appendLeaf(tx, { event: 'retention-set', retentionMs: n + 1 });
    }
  });

const opening: readonly Allowed[] = [
  { table: 'tracked_key', words: 'as keys from keysweep.tracked_key', why: 'to tell the share' },
  { table: 'tracked_key', words: 'left join pg_temp.mirrored m', why: 'a new inventory names all' },
  { table: 'tracked_key', words: 'set untracked_at = now()', why: 'any key may have left' },
  { table: 'tracked_key', words: 'entry_id as entry', why: 'a full sweep is over all keys' },
];
const hashed = 'hashed or merged: equal columns of tables whose sizes PostgreSQL knows';
const staging: readonly AllowedReread[] = [
  { words: 'insert into pg_temp.mirrored', why: hashed },
  { words: 'left join pg_temp.mirrored m', why: hashed },
  { words: 'set untracked_at = now()', why: hashed },
];
const changed =
  'once per full sweep: all events that wait are of this sweep, as the index has them';
const closing: readonly Allowed[] = [
  { table: 'finding_event', words: 'order by f.id for no key update of f', why: changed },
];
const counted = 'the figures are counted from an index alone';
const figures: readonly Allowed[] = [
  { table: 'sweep', words: 'group by schedule, status', why: 'the figures of a few rows a night' },
  { table: 'alert', words: 'group by channel, state', why: counted },
];
const entry = {
  table: 'inventory_entry',
  words: 'e.owner',
  why: 'distinct entries, which many keys share, are few',
};
const names = { ...entry, words: 'as name from keysweep.inventory_entry' };
const untilFull = 'in the order of the list, until the page is full: no row is like that';
const text = { words: 'like lower(', why: 'a search looks within words, in a narrow table' };

/** Filters that read more rows than they find. */
const costly: readonly (readonly [path: string, ...allowed: Allowed[]])[] = [
  ['sweeps?status=incomplete', { table: 'sweep', words: 'order by id desc', why: untilFull }],
  ['alerts?type=none', { table: 'alert', words: 'order by place desc', why: untilFull }],
  ['audit-log?what=none', { table: 'audit_record', words: 'order by id desc', why: untilFull }],
  ['audit-log?origin=none', { table: 'audit_record', words: 'order by id desc', why: untilFull }],
  [
    'audit-log?outcome=denied',
    { table: 'audit_record', words: 'order by id desc', why: untilFull },
  ],
  [
    'keys/flexcharge-sandbox/key_7',
    {
      table: 'sweep',
      words: 'sweep_key_of',
      why: 'back through all sweeps, until the page is full',
    },
  ],
  ['findings?owner=owner-1', entry, names],
  ['findings?environment=staging', { ...entry, words: 'e.environment' }, names],
  ['findings?tag=team-1', { ...entry, words: 'e.tags' }, names],
  ['keys?owner=owner-1', entry, names],
  ['keys?environment=staging', { ...entry, words: 'e.environment' }, names],
  ['keys?tag=team-1', { ...entry, words: 'e.tags' }, names],
  [
    'findings?text=worker%2014',
    { table: 'key_text', ...text },
    { table: 'inventory_entry', ...text },
  ],
  ['keys?text=no-such-text', { table: 'key_text', ...text }, { table: 'inventory_entry', ...text }],
];

/** What the pages do for themselves, and with filters that are above. */
const pages: readonly Allowed[] = [
  { ...entry, words: 'select distinct owner', why: 'the choices of a filter' },
  { ...entry, words: 'e.owner = any' },
  { table: 'sweep', words: 'where simulated', why: 'a few rows a night, and none is simulated' },
];

describe.skipIf(inject('databaseUrl') === undefined)('no table that grows is scanned', () => {
  let database: Database;
  let url: string;
  let config: Config;
  let sizes: SettledStore['sizes'];
  let isPermitted = false;
  /** Where the signer of the evidence log keeps its last checkpoint. */
  let folder: string;
  const closings: (() => Promise<void>)[] = [];

  const sign = (of: Database) => {
    const origin = 'keysweep/plans';
    const key = signingKeyOf(origin, 1, Buffer.alloc(32, 1));
    return signLog(of, { key, origin, stateFile: join(folder, 'checkpoint') });
  };

  beforeAll(async () => {
    const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
    closings.push(fresh.drop);
    const filling = openPostgresDatabase(fresh.url, quiet);
    config = { ...(await shippedConfig()), inventory: keepKeys(inventory) };
    await fillStore(filling, config, { keys, nights });
    await growLog(filling, 600);
    folder = await mkdtemp(join(tmpdir(), 'keysweep-plans-'));
    closings.push(() => rm(folder, { recursive: true }));
    await sign(filling);
    for (const statement of more.split(';')) await run(filling, statement);
    ({ sizes, isPermitted } = await settleStore(filling));
    await filling.close();
    url = fresh.url;
    database = openPostgresDatabase(explaining(url, indexed), quiet);
    closings.unshift(() => database.close());
  });
  afterAll(async () => {
    for (const end of closings) await end();
  });
  beforeEach(({ skip }) => skip(!isPermitted, 'only a superuser may ask for plans'));

  const openOwn = (choice: Readonly<Record<string, string>>) => {
    const own = openPostgresDatabase(explaining(url, choice), quiet);
    closings.unshift(() => own.close());
    return own;
  };

  async function expectServed(
    work: () => Promise<unknown>,
    allowed?: readonly Allowed[],
    allowedRereads?: readonly AllowedReread[],
  ) {
    const { scans, rereads } = await readPlans(work);
    expect(findWrongScans(findLargeScans(scans, sizes), allowed)).toEqual(noFaults);
    expectNoRereads(rereads, allowedRereads);
  }

  function expectNoRereads(all: readonly Reread[], allowed?: readonly AllowedReread[]) {
    expect(findWrongRereads(all, allowed)).toEqual(noFaults);
  }

  test('by a full sweep, but once when it opens and when it closes', async () => {
    const dueAt = new Date(Date.now() - 60_000);
    const order = { schedule: 'nightly', dueAt, trigger: 'schedule', overlap: 'skip' } as const;
    let opened: Awaited<ReturnType<typeof openTickSweep>>;
    await expectServed(
      async () => {
        opened = await openTickSweep(database, { ...order, deadlineMs: 3_600_000 }, using);
      },
      opening,
      staging,
    );
    if (opened === undefined || opened === 'skipped') throw new Error('the sweep did not open');
    const sweep = opened;
    const [ofNew = 0, known = 0, failing = 0, unanswered = 0, ...rest] = sweep.batches
      .map(({ batch }) => batch)
      .sort((a, b) => a - b);
    await expectServed(async () => recordJudged(database, await claim(database, sweep, ofNew)));
    await expectServed(async () => record(database, await claim(database, sweep, known)));
    await expectServed(async () => {
      const batch = await claim(database, sweep, failing);
      const some = batch.keys.slice(0, 40).map(({ key }) => [key.keyId, { breaks: ['stale'] }]);
      await record(database, batch, Object.fromEntries(some));
    });
    await expectServed(async () => {
      const batch = await claim(database, sweep, unanswered);
      const asked = batch.keys.slice(0, 1);
      const reason = { attempts: 1, reason: 'timeout', detail: 'no answer in 10 s' } as const;
      await record(
        database,
        batch,
        {},
        asked.map((pending) => ({ pending, ...reason })),
      );
      await record(database, await claim(database, sweep, unanswered));
    });
    const earlier = `opened_at - interval '1 minute' where uuid = '${sweep.sweepId}'`;
    await run(database, `update keysweep.sweep set opened_at = ${earlier}`);
    await expectServed(async () => {
      await startRound(database, (await readUnfinished(database)).batches);
    });
    await expectServed(async () => {
      for (const batch of rest) await recordJudged(database, await claim(database, sweep, batch));
    });
    await expectServed(() => close(database, sweep.sweepId), closing);
  });

  /** The second is the plan for any values, which PostgreSQL keeps for a prepared statement. */
  const choices = [{ plan_cache_mode: 'auto' }, { plan_cache_mode: 'force_generic_plan' }];
  test.each(choices)(
    'by the recording of a batch, whatever PostgreSQL would choose: %o',
    async (choice) => {
      const own = openOwn(choice);
      const opened = await open(own, using);
      const [first = 0, second = 0] = opened.batches.map(({ batch }) => batch);
      const whole = await claim(own, opened, first);
      const breaking = whole.keys.slice(0, 40).map(({ key }) => [key.keyId, { breaks: ['stale'] }]);
      await expectServed(() => record(own, whole, Object.fromEntries(breaking)));
      const reason = { attempts: 1, reason: 'timeout', detail: 'no answer in 10 s' } as const;
      const part = await claim(own, opened, second);
      const unanswered = part.keys.slice(0, 100).map((pending) => ({ pending, ...reason }));
      await expectServed(() => record(own, part, {}, unanswered));
      const rest = await claim(own, opened, second);
      await expectServed(() => record(own, rest));
    },
  );

  test('by a re-audit of a key', async () => {
    await expectServed(async () => {
      const opened = await open(database, using, inventory.slice(6, 7));
      await record(database, await claim(database, opened), { key_7: { breaks: ['stale'] } });
      await close(database, opened.sweepId);
    });
  });

  test('by the delivery of alerts', async () => {
    for (let n = 0; n < 3; n += 1) await anAlert(database, { channel: 'siem' }, [n + 1]);
    const terms = { inFlight: 3, spacingMs: 0, leaseMs: 30_000 };
    const [detail, onFailure] = ['answered 503', []];
    await expectServed(async () => {
      const { alerts } = await claimAlerts(database, 'siem', terms);
      await renewAlerts(database, alerts, terms.leaseMs);
      const [delivered, passing, permanent] = alerts;
      if (delivered === undefined || passing === undefined || permanent === undefined) {
        throw new Error('not all alerts were claimed');
      }
      const end = (kind: 'delivered', plan: 'done') => ({
        ...{ delivery: { kind }, plan: { kind: plan }, onFailure },
      });
      await recordAttempt(database, delivered, end('delivered', 'done'), alerting);
      const retry = {
        delivery: { kind: 'passing', detail },
        plan: { kind: 'retry', delayMs: 1 },
      } as const;
      await recordAttempt(database, passing, { ...retry, onFailure }, alerting);
      const last = { delivery: { kind: 'permanent', detail }, plan: { kind: 'give-up' } } as const;
      await recordAttempt(database, permanent, { ...last, onFailure }, alerting);
      await claimAlerts(database, 'siem', terms);
    });
  });

  test('by what runs every minute', async () => {
    await expectServed(async () => {
      await readUnfinished(database);
      await lapseWaivers(database, alerting);
    });
    await expectServed(createRecordFigures(database), figures);
  });

  test('by the signer of the evidence log', async () => {
    await growLog(database, 3);
    await expectServed(() => sign(database));
  });

  test('by the API, but for filters that no index could serve', async () => {
    const api = await anApi(database, config);
    closings.unshift(() => api.close());
    const ask = async (path: string, body?: object) => {
      const json = { 'content-type': 'application/json' };
      const post = { method: 'POST', headers: json, body: JSON.stringify(body) };
      const answer = await api.ask(path, body && post);
      expect([path, answer.ok, await answer.text()]).toEqual([path, true, expect.anything()]);
    };
    const idOf = async (of: string) => (await one<{ id: string }>(database, of)).id;
    const sweep = await idOf('select uuid as id from keysweep.sweep where id = 1');
    const request = await idOf('select id from keysweep.request where sweep_id is not null');
    const alert = await anAlert(database, { channel: 'siem', state: 'failed' }, [1]);
    const lists = [
      ...[
        'sweeps',
        'sweeps?schedule=nightly',
        'findings',
        'findings?sort=newest',
        'findings?sort=oldest',
        'keys',
        'alerts',
      ],
      ...['findings?rule=stale-45', 'findings?key=key_7', 'findings?status=resolved', 'audit-log'],
      ...['findings?severity=high', 'findings?source=flexcharge-sandbox', 'keys?rule=stale-45'],
      ...['findings?verdict=fail', 'findings?verdict=pass'],
      ...['keys?key=key_7', 'keys?verdict=waived', 'keys?source=flexcharge-sandbox'],
      ...['alerts?state=failed', 'alerts?channel=siem', `alerts?sweep=${sweep}`],
      ...['audit-log?who=ops-1', 'audit-log?from=2020-01-01&to=2020-01-02'],
      ...['held-sweeps', 'keys/key_7', 'store-facts'],
      ...[`sweeps/${sweep}`, 'sweeps/last', `requests/${request}`, `requests/${request}/pending`],
    ];
    for (const path of lists) await expectServed(() => ask(path));
    for (const [path, ...allowed] of costly) await expectServed(() => ask(path), allowed);
    await expectServed(() => ask('alerts/outcomes', { ids: [alert], withinMs: 0 }));
    await expectServed(() => ask('alerts/retries', { kind: 'failed' }));
    await expectServed(() =>
      ask('audits', { keys: [{ source: 'flexcharge-sandbox', keyId: 'key_9' }] }),
    );
    await expectServed(() => ask('sweeps', {}));
  });

  test('by a page', async () => {
    const caller = { name: 'olga', role: 'operator', from: '::1' } as const;
    const { ask } = await openDashboard(database, caller);
    await expectServed(async () => {
      const visited = await crawl(
        async (path) => {
          const answer = await ask(path, { headers: { accept: 'text/html' } });
          expect([path, answer.status]).toEqual([path, 200]);
          return answer.text();
        },
        ['/'],
      );
      expect(visited.size).toBeGreaterThan(30);
    }, pages);
  });

  test('by closings of nights in which much changes', { tags: ['all'] }, async () => {
    const plain = openPostgresDatabase(url, quiet);
    closings.unshift(() => plain.close());
    const staying = inputs([...inventory.slice(300), ...added]);
    const terms = anAlerting(['siem'], { anomaly: { changed: 0.1, atLeast: 2 }, remindAfterMs: 1 });
    const night = async () => {
      const opened = await open(plain, staying);
      for (const [n, { batch }] of opened.batches.entries()) {
        const claimed = await claim(plain, opened, batch);
        const saying = { ...(n < 3 && { breaks: ['stale'] }), unknown: n === 3 };
        const sayings = claimed.keys.map(({ key }) => [key.keyId, saying]);
        await record(plain, claimed, Object.fromEntries(sayings));
      }
      const { rereads } = await readPlans(() => close(database, opened.sweepId, terms));
      expectNoRereads(rereads);
    };
    // The changes of the first are held, and those of the second confirm them.
    await night();
    await night();
    const held = "select count(*)::integer as n from keysweep.sweep where held = 'confirmed'";
    expect(await one(database, held)).toEqual({ n: 1 });
  });

  test('by the release of a sweep, while another is held', { tags: ['all'] }, async () => {
    const released = await one<{ id: string }>(
      database,
      `update keysweep.sweep set held = 'held' where id in (${nights - 1}, ${nights})
       returning uuid as id`,
    );
    await run(
      database,
      `insert into keysweep.finding_event (finding_id, sweep_id, kind, facts)
       select f.id, s.id, 'opened', '{}' from keysweep.finding f, keysweep.sweep s
       where s.held = 'held' order by s.id, f.id`,
    );
    const { rereads } = await readPlans(() => releaseSweep(database, released.id, alerting));
    expectNoRereads(rereads);
  });

  test('by a report and the summary of the evidence', { tags: ['all'] }, async () => {
    const api = await anApi(database, config);
    closings.unshift(() => api.close());
    const { id } = await one<{ id: string }>(
      database,
      `select uuid as id from keysweep.sweep where id = ${nights}`,
    );
    const { rereads } = await readPlans(async () => {
      for (const path of [`sweeps/${id}`, 'evidence/summary?from=2020-01-01&to=2999-01-01']) {
        const answer = await api.ask(path);
        expect([path, answer.ok, await answer.text()]).toEqual([path, true, expect.anything()]);
      }
    });
    expectNoRereads(rereads);
  });

  test('by the list of reviews, with the least memory for a statement', async () => {
    const { rereads } = await readPlans(() =>
      readReviewsPage(openOwn(leastMemory), {}, { limit: 50 }),
    );
    expectNoRereads(rereads);
  });

  // It reads all keys, which PostgreSQL hashes: in its own way here, as far as the memory goes.
  test('by pruning, with the least memory for a statement', { tags: ['all'] }, async () => {
    const own = openOwn(leastMemory);
    await run(
      own,
      `update keysweep.sweep set closed_at = now() - interval '99 days' where id = 1;
       insert into keysweep.observation (hash, content)
       select int8send(-n), '{}' from generate_series(1, 500) n`,
    );
    const opened = await open(own, using);
    await record(own, await claim(own, opened));
    const { rereads } = await readPlans(async () => {
      const pruned = await pruneEvidence(own, 90 * 86_400_000);
      expect(pruned).toEqual({ sweeps: 1, observations: 500 });
    });
    expectNoRereads(rereads);
  });
});
