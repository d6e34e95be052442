import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import { acknowledgeFinding } from '../../../src/record/findings/acknowledge-finding.ts';
import { readFindingsPage } from '../../../src/record/reads/lists/read-findings-page.ts';
import { RequestRefused } from '../../../src/record/store/errors.ts';
import { pruneEvidence } from '../../../src/record/sweeps/prune-evidence.ts';
import { readClock } from '../../../src/timing/database-clock.ts';
import { describeStores } from '../stores.ts';
import {
  alerting,
  aSource,
  aTrackedKey,
  bodies,
  changes,
  claim,
  close,
  findings,
  inputs,
  judgedSweep,
  one,
  open,
  recordJudged,
  run,
  type Saying,
  someKeys,
} from '../world.ts';

const day = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * day);

const rules = `
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
  - { id: odd, type: impossible-metadata, severity: high }
  - { id: drift, type: scope-drift, severity: high }
  - { id: silent, type: unaudited, after: 30d, severity: low }
  - { id: gone, type: missing, severity: low }
`;
const since = { createdOn: new Date('2020-01-01T00:00:00Z') };
const key0 = (details: Saying['details']): Record<string, Saying> => ({
  key_0: { details: { ...since, ...details } },
});
const dormant = key0({ lastUsed: ago(90) });

describeStores('what the records remember of a key', (get) => {
  const world = () => {
    const source = aSource();
    const using = inputs(someKeys(1, source), rules);
    return {
      source,
      using,
      night: (saying: Record<string, Saying>) => judgedSweep(get(), using, saying),
      look: () => findings(get(), source),
    };
  };
  const acknowledge = (source: string, rule: string) =>
    acknowledgeFinding(
      get(),
      {
        fingerprint: fingerprint(source, 'key_0', rule),
        by: 'ann',
        known: 'asserted',
        reason: 'planned',
      },
      alerting,
    );

  test('a key that wakes up is an event until somebody acknowledges it', async () => {
    const { source, night, look } = world();
    await night(dormant);
    expect(await look()).toEqual([]);
    const woken = key0({ lastUsed: ago(1) });
    const { closed } = await night(woken);
    expect(await changes(get(), closed.alerts, source)).toEqual([
      ...['opened key_0 woke', 'opened key_0 woke'],
    ]);
    await night(woken);
    expect(await night(key0({ lastUsed: ago(0.5) }))).toMatchObject({ closed: { alerts: [] } });
    expect(await look()).toEqual(['key_0 woke open']);

    const { alerts: told, acknowledgement } = await acknowledge(source, 'woke');
    expect(await changes(get(), told, source)).toEqual([
      ...['resolved key_0 woke', 'resolved key_0 woke'],
    ]);
    expect(await look()).toEqual(['key_0 woke resolved acknowledged']);
    const [message] = await bodies(get(), told);
    expect(message?.data.sweep?.id).toBeDefined();
    const ended = { by: 'ann', known: 'asserted', reason: 'planned' };
    expect(acknowledgement).toEqual({ ...ended, at: expect.any(Date) });
    expect(message?.data.resolved).toMatchObject([
      { acknowledgement: { ...ended, at: acknowledgement.at.toISOString() } },
    ]);
    expect(await night(key0({ lastUsed: ago(0.25) }))).toMatchObject({ closed: { alerts: [] } });
    expect(await look()).toEqual(['key_0 woke resolved acknowledged']);
  });

  test('an acknowledgement over HTTP keeps who signed in, and the name that was only asserted', async () => {
    const { source, night } = world();
    await night(dormant);
    await night(key0({ lastUsed: ago(1) }));
    const print = fingerprint(source, 'key_0', 'woke');
    const words = {
      ...{ by: 'bob (s-1)', asserted: 'ann', reason: 'planned' },
      ...({ known: 'oidc', subject: 's-1', mail: 'bob@x.example' } as const),
    };
    const asked = { fingerprint: print, ...words };
    const { acknowledgement } = await acknowledgeFinding(get(), asked, alerting);
    expect(acknowledgement).toEqual({ ...words, at: expect.any(Date) });
    const filter = { statuses: ['resolved'], severity: 'info', source: [source] } as const;
    const { items } = await readFindingsPage(get(), filter, { limit: 9 });
    expect(items.map((finding) => finding.acknowledgement)).toEqual([acknowledgement]);
    const { rows } = await sql<{ body: string }>`
      select body from keysweep.log_leaf order by n desc limit 1
    `.execute(get().db);
    const { predicate } = JSON.parse(rows[0]?.body ?? '');
    expect(predicate).toMatchObject({ event: 'acknowledged', finding: print, ...words });
  });

  test('nights on which a key was missing or its last use unreadable lose no event', async () => {
    const { night, look } = world();
    await night(dormant);
    await night(key0({ lastUsed: undefined }));
    await night({ key_0: { missing: true } });
    await night({ key_0: { unknown: true } });
    await night(key0({ lastUsed: ago(1) }));
    expect(await look()).toEqual(['key_0 gone resolved fixed', 'key_0 woke open']);
  });

  test('scopes are compared with those of the first observation, whatever is pruned', async () => {
    const { night, look } = world();
    await night(key0({ scopes: undefined }));
    await night(key0({ scopes: ['a:read'] }));
    await night(key0({ scopes: ['a:read', 'b:read'] }));
    await pruneEvidence(get(), 0);
    expect(await look()).toEqual(['key_0 drift open']);
    await night(key0({ scopes: ['b:read', 'A:READ '] }));
    expect(await look()).toEqual(['key_0 drift open']);
    await night(key0({ scopes: ['A:READ '] }));
    expect(await look()).toEqual(['key_0 drift resolved fixed']);
  });

  test('fields that must not change are compared with their last readable value', async () => {
    const { source, night, look } = world();
    await night(key0({ lastFour: 'aaaa' }));
    await night(key0({ lastFour: undefined }));
    await night(key0({ lastFour: 'bbbb' }));
    await night(key0({ lastFour: 'bbbb' }));
    expect(await look()).toEqual(['key_0 odd open']);
    await acknowledge(source, 'odd');
    await night(key0({ lastFour: 'bbbb' }));
    expect(await look()).toEqual(['key_0 odd resolved acknowledged']);
  });

  test('a key that is unknown for too long gets an unaudited finding', async () => {
    const { source, night, look } = world();
    const unknown = { key_0: { unknown: true } };
    await night(unknown);
    expect(await look()).toEqual([]);
    const backdate = `update keysweep.tracked_key set tracked_at = now() - interval '30 days'
      where source = '${source}'`;
    await run(get(), backdate);
    const { closed } = await night(unknown);
    expect(await changes(get(), closed.alerts.slice(0, 1), source)).toEqual([
      'opened key_0 silent',
    ]);
    await night(unknown);
    expect(await look()).toEqual(['key_0 silent open']);
    await night(key0({}));
    expect(await look()).toEqual(['key_0 silent resolved fixed']);
    await night(unknown);
    expect(await look()).toEqual(['key_0 silent resolved fixed']);
  });

  test('a key that was untracked for a while is not unaudited on its first day back', async () => {
    const { source, using, night, look } = world();
    await night(key0({}));
    const other = inputs([aTrackedKey('key_1', { source })], rules);
    await judgedSweep(get(), other);
    await run(
      get(),
      `update keysweep.tracked_key set known_at = now() - interval '60 days',
        tracked_at = now() - interval '61 days' where source = '${source}'`,
    );
    await judgedSweep(get(), using, { key_0: { unknown: true } });
    expect(await look()).toEqual([]);
  });

  test.each(['0001-01-01T00:00:00.000Z', '0099-12-31T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    'instants such as %s are the same the next night',
    async (text) => {
      const { using, night } = world();
      await night({ key_0: { details: { createdOn: new Date(text), lastUsed: new Date(text) } } });
      const { keys } = await claim(get(), await open(get(), using));
      const { createdOn, lastUsed } = keys[0]?.history ?? {};
      expect([createdOn, lastUsed].map((date) => date?.toISOString())).toEqual([text, text]);
    },
  );

  test('an invalid last use does not count as never used', async () => {
    const { using, night } = world();
    await night(key0({ lastUsed: ago(3) }));
    await night(key0({ lastUsed: new Date(Number.NaN) }));
    const { keys } = await claim(get(), await open(get(), using));
    expect(keys[0]?.history.lastUsed?.getTime()).toBeLessThan(ago(2).getTime());
  });

  test('an older observation that is recorded later changes nothing', async () => {
    const { source, using } = world();
    await judgedSweep(get(), using, dormant);
    const [slow, fast] = [await open(get(), using), await open(get(), using)];
    const slowBatch = await claim(get(), slow);
    const at = readClock(slowBatch.clock);
    await recordJudged(get(), await claim(get(), fast), key0({ lastUsed: ago(1), scopes: ['x'] }));
    await recordJudged(get(), slowBatch, { key_0: { details: { lastUsed: ago(80) }, at } });
    await close(get(), fast.sweepId);
    await close(get(), slow.sweepId);
    const kept = await one<{ seen: Date }>(
      get(),
      `select seen_last_used as seen from keysweep.tracked_key where source = '${source}'`,
    );
    expect(kept.seen.getTime()).toBeGreaterThan(ago(2).getTime());
  });
});

describeStores('acknowledging', (get) => {
  const refused = (print: string) =>
    acknowledgeFinding(
      get(),
      { fingerprint: print, by: 'ann', known: 'asserted', reason: 'x' },
      alerting,
    ).then(
      () => 'done',
      (error: Error) => (error instanceof RequestRefused ? error.message : String(error)),
    );

  test('ends events only, each once, and gives the reason for other findings', async () => {
    const source = aSource();
    const using = inputs(
      someKeys(1, source),
      `${rules}  - { id: own, type: unowned, severity: low }\n`,
    );
    const keys = keepKeys(someKeys(1, source).map((key) => ({ ...key, owner: null })));
    const owned = { ...using, inventory: { ...using.inventory, hash: `${source}-unowned`, keys } };
    await judgedSweep(get(), owned, dormant);
    await judgedSweep(get(), owned, key0({ lastUsed: ago(1) }));
    const woke = fingerprint(source, 'key_0', 'woke');
    expect(await refused(fingerprint(source, 'key_0', 'own'))).toMatch(
      /can only be mended or waived/,
    );
    expect(await refused(fingerprint(source, 'key_0', 'none'))).toMatch(/no fingerprint begins/);
    expect(await refused('%%%%%%%%')).toMatch(/no fingerprint begins/);
    expect(await refused(woke.slice(0, 12))).toBe('done');
    expect(await refused(woke)).toBe('done');
    expect(
      await one(
        get(),
        `select count(*)::int as events, max(note->>'by') as by from keysweep.finding_event v
         join keysweep.finding f on f.id = v.finding_id
         where f.fingerprint = '${woke}' and v.resolution = 'acknowledged'`,
      ),
    ).toEqual({ events: 1, by: 'ann' });
  });

  test('can be read back: who was first, when and why, until the key wakes up again', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source), rules);
    await judgedSweep(get(), using, dormant);
    await judgedSweep(get(), using, key0({ lastUsed: ago(1) }));
    const found = async () => {
      const filter = { statuses: ['open', 'resolved'] as const, severity: 'info' } as const;
      const { items } = await readFindingsPage(get(), filter, { limit: 1_000 });
      const woken = items.find((one) => one.source === source && one.rule === 'woke');
      if (woken !== undefined) return woken;
      throw new Error('there is no finding');
    };
    expect(await found()).toMatchObject({ status: 'open', acknowledgement: null });
    const print = fingerprint(source, 'key_0', 'woke');
    const say = (by: string, reason: string) =>
      acknowledgeFinding(get(), { fingerprint: print, by, known: 'asserted', reason }, alerting);
    const first = await say('ann', 'planned restart');
    expect(first).toMatchObject({ fingerprint: print, before: false });
    const again = await say('bob', 'me too');
    const { acknowledgement } = first;
    expect(again).toEqual({ fingerprint: print, acknowledgement, before: true, alerts: [] });
    expect(await found()).toMatchObject({
      ...{ status: 'resolved', resolution: 'acknowledged', acknowledgement },
      resolvedAt: acknowledgement.at,
    });
    await pruneEvidence(get(), 0);
    expect((await found()).acknowledgement).toEqual(acknowledgement);
  });

  test('is refused while the current answer contradicts itself', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source), rules);
    await judgedSweep(get(), using, key0({ lastFour: 'aaaa' }));
    const odd = { lastFour: 'bbbb', lastUsed: new Date('2019-01-01T00:00:00Z') };
    await judgedSweep(get(), using, key0(odd));
    const print = fingerprint(source, 'key_0', 'odd');
    expect(await refused(print)).toMatch(/so mend these first/);
    await judgedSweep(get(), using, key0({ lastFour: 'bbbb' }));
    expect(await refused(print)).toBe('done');
    expect(await refused(print)).toBe('done');
    expect(await findings(get(), source)).toContain('key_0 odd resolved acknowledged');
  });

  test('is refused, and not just without effect, if no sweep is kept', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source), rules);
    await judgedSweep(get(), using, dormant);
    await judgedSweep(get(), using, key0({ lastUsed: ago(1) }));
    await run(get(), 'delete from keysweep.request');
    await run(get(), 'delete from keysweep.sweep');
    expect(await refused(fingerprint(source, 'key_0', 'woke'))).toMatch(/run one first/);
    expect(await findings(get(), source)).toEqual(['key_0 woke open']);
  });
});
