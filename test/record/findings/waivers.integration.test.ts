import { expect, test } from 'vitest';
import { lapseWaivers } from '../../../src/record/findings/lapse-waivers.ts';
import type { WrittenAlert } from '../../../src/record/outbox/write-alerts.ts';
import { readReport } from '../../../src/record/reads/read-report.ts';
import { describeStores } from '../stores.ts';
import {
  alerting,
  aSource,
  bodies,
  changes,
  findings,
  inputs,
  judgedSweep,
  one,
  run,
  type Saying,
  someKeys,
} from '../world.ts';

const day = 86_400_000;
const rules = `
  - { id: stale, type: stale, after: 45d, severity: high }
`;
const later = new Date(Date.now() + 10 * day).toISOString().slice(0, 10);
const waiverOf = (source: string, reason = 'seasonal job') => `
waivers:
  - { id: W-1, rule: stale, keys: [{ source: ${source}, keyId: key_0 }], reason: ${reason},
      requestedBy: ann, approvedBy: bob, expires: ${later} }
`;
const stale = (scopes: readonly string[] = ['a:read']): Record<string, Saying> => ({
  key_0: {
    details: {
      ...{ createdOn: new Date('2020-01-01T00:00:00Z'), scopes },
      lastUsed: new Date(Date.now() - 90 * day),
    },
  },
});
const unused: Saying = {
  details: {
    createdOn: new Date('2020-01-01T00:00:00Z'),
    lastUsed: new Date(Date.now() - 90 * day),
  },
};
const used = { key_0: { details: { lastUsed: new Date() } } };

describeStores('waived findings', (get) => {
  const world = () => {
    const source = aSource();
    const keys = someKeys(1, source);
    const bare = inputs(keys, rules);
    const waived = inputs(keys, rules + waiverOf(source));
    const told = async (alerts: readonly WrittenAlert[]) => {
      const some = (await bodies(get(), alerts)).flatMap((body, at) =>
        body.type === 'findings.changed' ? alerts.slice(at, at + 1) : [],
      );
      return changes(get(), some.slice(0, some.length / 2), source);
    };
    return { source, keys, bare, waived, told, look: () => findings(get(), source) };
  };

  test('are listed, and never alerted', async () => {
    const { waived, told, look } = world();
    const { closed, sweepId } = await judgedSweep(get(), waived, stale());
    expect(await told(closed.alerts)).toEqual([]);
    expect(await look()).toEqual(['key_0 stale waived']);
    const report = await readReport(get(), sweepId);
    expect(report?.verdicts).toMatchObject({ fail: 0, waived: 1 });
    for await (const { waiver, status } of report?.violations() ?? []) {
      expect({ waiver, status }).toEqual({ waiver: 'W-1', status: 'waived' });
    }
    expect(await told((await judgedSweep(get(), waived, used)).closed.alerts)).toEqual([]);
    expect(await look()).toEqual(['key_0 stale resolved fixed']);
  });

  test('that were alerted before end in the channels of their opening', async () => {
    const { bare, waived, told, look } = world();
    const opened = await judgedSweep(get(), bare, stale());
    expect(await told(opened.closed.alerts)).toEqual(['opened key_0 stale']);
    const covered = await judgedSweep(get(), waived, stale());
    expect(await told(covered.closed.alerts)).toEqual(['waived key_0 stale']);
    const [message] = await bodies(get(), covered.closed.alerts);
    expect(message?.data.waived).toMatchObject([{ status: 'waived', waiver: 'W-1' }]);
    expect(await look()).toEqual(['key_0 stale waived']);
    const ended = await judgedSweep(get(), waived, used);
    expect(await told(ended.closed.alerts)).toEqual(['resolved key_0 stale']);
  });

  test('open when the key changes, and stay open even if it changes back', async () => {
    const { waived, told, look } = world();
    await judgedSweep(get(), waived, stale(['a:read', 'b:read']));
    await judgedSweep(get(), waived, stale(['B:read', 'a:read']));
    expect(await look()).toEqual(['key_0 stale waived']);
    const changed = await judgedSweep(get(), waived, stale(['a:read']));
    expect(await told(changed.closed.alerts)).toEqual(['lapsed key_0 stale']);
    const [message] = await bodies(get(), changed.closed.alerts);
    expect(message?.data.lapsed?.[0]?.lapse).toEqual({
      ...{ waiver: 'W-1', reason: 'seasonal job', cause: 'key-changed' },
    });
    await judgedSweep(get(), waived, stale(['a:read', 'b:read']));
    expect(await look()).toEqual(['key_0 stale open']);
  });

  test('may be waived again by another approval, with the key as it is then as baseline', async () => {
    const { source, keys, waived, look } = world();
    await judgedSweep(get(), waived, stale(['a:read']));
    await judgedSweep(get(), waived, stale(['b:read']));
    const renewed = inputs(keys, rules + waiverOf(source, 'approved again'));
    await judgedSweep(get(), renewed, stale(['b:read']));
    expect(await look()).toEqual(['key_0 stale waived']);
    await judgedSweep(get(), renewed, stale(['a:read']));
    expect(await look()).toEqual(['key_0 stale open']);
  });

  test('open when the waiver is withdrawn', async () => {
    const { bare, waived, told } = world();
    await judgedSweep(get(), waived, stale());
    const withdrawn = await judgedSweep(get(), bare, stale());
    expect(await told(withdrawn.closed.alerts)).toEqual(['lapsed key_0 stale']);
    const [message] = await bodies(get(), withdrawn.closed.alerts);
    expect(message?.data.lapsed?.[0]?.lapse).toMatchObject({ cause: 'withdrawn' });
  });

  test('open within a minute when the waiver’s day is over, and are alerted once', async () => {
    const { source, waived, told, look } = world();
    await judgedSweep(get(), waived, stale());
    expect(await lapseWaivers(get(), alerting)).toEqual([]);
    await run(
      get(),
      `update keysweep.finding f set waived_until = now() from keysweep.tracked_key k
       where k.id = f.key_id and k.source = '${source}'`,
    );
    const ids = await lapseWaivers(get(), alerting);
    expect(await told(ids)).toEqual(['lapsed key_0 stale']);
    const [message] = await bodies(get(), ids);
    expect(message?.data.lapsed?.[0]?.lapse).toEqual({
      ...{ waiver: 'W-1', reason: 'seasonal job', cause: 'expired' },
    });
    expect(await look()).toEqual(['key_0 stale open']);
    expect(await lapseWaivers(get(), alerting)).toEqual([]);
    const ended = await judgedSweep(get(), world().bare, {});
    expect(await told(ended.closed.alerts)).toContain('resolved key_0 stale');
  });

  test('all open within that minute, even if there are thousands, each alerted once', async () => {
    const source = aSource();
    const broad = `
waivers:
  - { id: W-1, rule: stale, match: { source: [${source}] }, reason: move, requestedBy: ann,
      approvedBy: [bob, cid], expires: ${later} }
`;
    const keys = someKeys(2_001, source);
    const using = inputs(keys, rules + broad);
    await judgedSweep(get(), using, Object.fromEntries(keys.map(({ keyId }) => [keyId, unused])));
    const ended = `update keysweep.finding f set waived_until = now() from keysweep.tracked_key k
      where k.id = f.key_id and k.source = '${source}'`;
    await run(get(), ended);
    const both = [lapseWaivers(get(), alerting), lapseWaivers(get(), alerting)];
    const told = (await Promise.all(both)).flat();
    const lines = await changes(get(), told, source);
    expect(lines).toHaveLength(2 * keys.length);
    expect(new Set(lines).size).toBe(keys.length);
    expect((await findings(get(), source)).filter((line) => line.endsWith('waived'))).toEqual([]);
  });

  test('keep the end of the waiver’s day and its reason', async () => {
    const { source, waived } = world();
    await judgedSweep(get(), waived, stale());
    const kept = await one<{ until: Date; waiver: unknown }>(
      get(),
      `select f.waived_until as until, f.waiver from keysweep.finding f
       join keysweep.tracked_key k on k.id = f.key_id where k.source = '${source}'`,
    );
    expect(kept.until).toEqual(new Date(Date.parse(`${later}T00:00:00Z`) + day));
    expect(kept.waiver).toMatchObject({ id: 'W-1', reason: 'seasonal job' });
  });
});
