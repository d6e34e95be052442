import { test } from 'vitest';
import { sql } from 'kysely';
import { readAlerts, readOutcome, readHeldSweeps } from '/work/main/src/record/read-alerts.ts';
import { retryAlerts } from '/work/main/src/record/retry-alert.ts';
import { describeStores } from '/work/main/test/record/stores.ts';
describeStores('measure', (get, kind) => {
  test('x', async () => {
    const db = get();
    await sql.raw(`insert into keysweep.alert (channel,type,part,parts,body,state,format)
      select 'c' || n % 10, case when n % 50 = 0 then 'sweep.incomplete' else 'findings.changed' end, 1,1, '{"event_action":"trigger","dedup_key":"k'|| n % 1000 ||'"}' , case when n % 5 = 0 then 'failed' else 'delivered' end, case when n%10=0 then 'pagerduty' else 'json' end from generate_series(1,100000) n`).execute(db.db);
    await sql.raw(`insert into keysweep.alert_event (alert_id,event_id,finding_id) select id, n, (random()*100000)::int from keysweep.alert, generate_series(1,5) n where type = 'findings.changed'`).execute(db.db);
    const time = async (what: string, work: () => Promise<unknown>) => {
      const at = performance.now(); const r = await work(); console.log(kind, what, Math.round(performance.now()-at), 'ms', r);
    };
    const list = (f: object) => async () => { let n = 0; for await (const _ of readAlerts(db, { states: [], limit: 100, ...f })) n++; return n; };
    await time('newest 100', list({}));
    await time('all', list({ limit: 100000 }));
    await time('failed 100', list({ states: ['failed'] }));
    await time('failed all', list({ states: ['failed'], limit: 100000 }));
    await time('rare channel', list({ channel: 'none' }));
    await time('pending', list({ states: ['pending'] }));
    await time('sweep', list({ sweep: 'b7a1c9a0-0000-4000-8000-000000000001' }));
    await time('held', () => readHeldSweeps(db));
    const formats = new Map(Array.from({length: 10}, (_, n) => ['c' + n, n === 0 ? 'pagerduty' : 'json'] as const));
    let ids: string[] = [];
    await time('retry 10000 json', async () => { const r = await retryAlerts(db, { kind: 'failed', channel: 'c5' }, { formats } as never); ids = r.queued.map(q => q.id); return [r.queued.length, r.skipped.length, r.more]; });
    await time('outcome', async () => (await readOutcome(db, ids, 1000)).pending);
    await time('retry 10000 pd', async () => { const r = await retryAlerts(db, { kind: 'failed', channel: 'c0' }, { formats } as never); return [r.queued.length, r.skipped.length, r.more]; });
    const pend: string[] = [];
    for await (const a of readAlerts(db, {states: ['pending'], channel: 'c5', limit: 1})) pend.push(a.id);
    await time('retry one', async () => (await retryAlerts(db, { kind: 'these', ids: pend.map(i=>i.slice(0,8)) }, { formats } as never)).queued.length);
  }, 300000);
});
