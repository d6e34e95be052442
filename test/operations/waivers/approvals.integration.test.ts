import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { type Caller, localCaller, type Proof } from '../../../src/operations/caller.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import { readExportedLog } from '../../../src/record/exports/export-pack.ts';
import { readSummary } from '../../../src/record/exports/read-summary.ts';
import type { SweepInputs } from '../../../src/record/sweeps/write-sweep.ts';
import { describeStores } from '../../record/stores.ts';
import {
  aSource,
  aTrackedKey,
  claim,
  close,
  findings,
  inputs,
  judgedSweep,
  open,
  recordJudged,
  run,
} from '../../record/world.ts';

const someone = (name: string, proof?: Proof): Caller => ({
  ...{ name, role: 'operator', from: '192.0.2.7' },
  ...(proof === undefined ? {} : { proof }),
});
const always = {
  ...{ from: new Date(0), to: new Date('2999-01-01T00:00:00Z') },
  ...{ keysweep: '1.0.0', timezones: '2026a' },
};
const all = { status: ['open' as const], severity: 'info' as const };
const token = (name: string) => someone(name, { known: 'token' });
const signedIn = (login: string, subject: string, mail: string | null = null) =>
  someone(`${login} (${subject})`, { known: 'oidc', subject, mail, login });
const bob = signedIn('bob', 's-1', 'bob@x.example');

interface WaiverText {
  readonly keys?: readonly string[];
  readonly people?: string;
  readonly type?: string;
}

describeStores('with approvals: signed-in', (get) => {
  /** A key that breaks the rule `own`, which waiver W-12 would waive. */
  const world = (said: WaiverText = {}) => {
    const source = aSource();
    const made = [0, 1].map((n) => aTrackedKey(`key_${n}`, { source, owner: null }));
    const using = (difference: WaiverText = {}): SweepInputs => {
      const {
        keys = ['key_0'],
        people = 'requestedBy: ann, approvedBy: bob',
        type,
      } = {
        ...said,
        ...difference,
      };
      const named = keys.map((keyId) => `{ source: ${source}, keyId: ${keyId} }`).join(', ');
      const rules = `
  - { id: own, type: ${type ?? 'unowned'}, severity: high }
waivers:
  - { id: W-12, rule: own, keys: [${named}], reason: "known ${source}", ${people}, expires: 2999-01-01 }
`;
      return { ...inputs(made, rules), approvals: 'signed-in' };
    };
    const as = (caller: Caller, difference: WaiverText = {}, approvals = 'signed-in') => {
      const { policy } = using(difference);
      const config = { inventory: keepKeys(made), policy, approvals, sources: [] };
      const wake = { request: async () => undefined, alerts: async () => undefined };
      return createLocalOperations(get(), () => config as unknown as Config, wake)(caller);
    };
    const tryAs = (caller: Caller, difference: WaiverText = {}, hash?: string) =>
      as(caller, difference)
        .approveWaiver({ waiver: 'W-12', ...(hash === undefined ? {} : { hash }) })
        .then(
          (done) => done ?? 'absent',
          (error: Error) => error.message,
        );
    const found = () => findings(get(), source);
    return { source, using, as, tryAs, found };
  };

  test('a waiver covers nothing until whoever it names has signed in and approved it', async () => {
    const { using, as, tryAs, found, source } = world();
    await judgedSweep(get(), using());
    const open = ['key_0 own open', 'key_1 own open'];
    expect(await found()).toEqual(open);
    const [waiting] = (await as(bob).waivers({})) ?? [];
    expect(waiting).toMatchObject({ id: 'W-12', counts: false, waitsFor: ['bob'], approvals: [] });
    const listed = [];
    for await (const { keyId, waitsFor } of as(bob).findings({ ...all, source: [source] })) {
      listed.push([keyId, waitsFor]);
    }
    expect(listed).toEqual([
      ['key_0', [{ waiver: 'W-12', approvers: ['bob'] }]],
      ['key_1', undefined],
    ]);

    expect(await tryAs(localCaller())).toContain('only somebody who signed in');
    expect(await tryAs(localCaller('socket'))).toContain('only somebody who signed in');
    expect(await tryAs(someone('bob'))).toContain('only somebody who signed in');
    expect(await tryAs(token('own-token'))).toContain('only somebody who signed in');
    expect(await tryAs(token('eve'))).toContain(
      'is to be approved by bob; you are signed in as eve',
    );
    expect(await tryAs(signedIn('ann', 's-2'))).toContain('you asked for waiver W-12');
    // A login is what people choose, so one that looks like a mail is no mail.
    expect(await tryAs(signedIn('bob@x.example', 's-3'))).toContain('is to be approved by bob');
    expect(await tryAs(bob, {}, 'f'.repeat(64))).toContain('has changed since you saw it');
    await expect(as({ ...bob, role: 'auditor' }).approveWaiver({ waiver: 'W-12' })).rejects.toThrow(
      'the role auditor does not permit changes',
    );
    await judgedSweep(get(), using());
    expect(await found()).toEqual(open);

    const person = { by: 'bob (s-1)', known: 'oidc', subject: 's-1', mail: 'bob@x.example' };
    const done = { waiver: 'W-12', approver: 'bob', ...person, at: expect.any(Date) };
    expect(await tryAs(bob, {}, waiting?.hash)).toEqual({ ...done, before: false, waitsFor: [] });
    expect(await tryAs(bob)).toEqual({ ...done, before: true, waitsFor: [] });
    expect(await as(bob).waivers({})).toMatchObject([
      { counts: true, waitsFor: [], approvals: [{ approver: 'bob', ...person }] },
    ]);
    const { rows } = await sql<{ body: string }>`
      select body from keysweep.log_leaf where body like '%waiver-approved%' order by n desc limit 1
    `.execute(get().db);
    expect(JSON.parse(rows[0]?.body ?? '').predicate).toMatchObject({
      ...{ event: 'waiver-approved', waiver: 'W-12', hash: waiting?.hash, approver: 'bob' },
      ...{ ...person, asserted: null },
    });
    expect(await found()).toEqual(open);
    await judgedSweep(get(), using());
    expect(await found()).toEqual(['key_0 own waived', 'key_1 own open']);
    const { waivers } = await readSummary(get().db, always, await readExportedLog(get().db, 'log'));
    expect(waivers.filter(({ reason }) => reason === `known ${source}`)).toMatchObject([
      { approvals: [{ approver: 'bob', by: 'bob (s-1) (signed in, bob@x.example)' }] },
    ]);
  });

  test('an approval during a sweep counts from the next one on', async () => {
    const { using, tryAs, found } = world();
    const opened = await open(get(), using());
    expect(await tryAs(token('bob'))).toMatchObject({ known: 'token', before: false });
    await recordJudged(get(), await claim(get(), opened));
    await close(get(), opened.sweepId);
    expect(await found()).toEqual(['key_0 own open', 'key_1 own open']);
    await judgedSweep(get(), using());
    expect(await found()).toEqual(['key_0 own waived', 'key_1 own open']);
  });

  test('a key that is added to an approved waiver makes all of it wait again', async () => {
    const { using, tryAs, found } = world();
    await tryAs(bob);
    await judgedSweep(get(), using());
    expect(await found()).toEqual(['key_0 own waived', 'key_1 own open']);
    const wider = { keys: ['key_0', 'key_1'] };
    const { closed } = await judgedSweep(get(), using(wider));
    expect(await found()).toEqual(['key_0 own open', 'key_1 own open']);
    expect(JSON.stringify(closed.alerts)).not.toBe('[]');
    const { rows } = await sql<{ note: unknown }>`
      select note from keysweep.finding_event where kind = 'lapsed' order by id desc limit 1
    `.execute(get().db);
    expect(rows).toMatchObject([{ note: { waiver: 'W-12', cause: 'not-approved' } }]);
    await tryAs(bob, wider);
    await judgedSweep(get(), using(wider));
    expect(await found()).toEqual(['key_0 own waived', 'key_1 own waived']);
  });

  test('a key that nobody could look at in time is not waived either', async () => {
    const { using, tryAs, found, source } = world({ type: 'unaudited, after: 1d' });
    await judgedSweep(get(), using());
    const runOut = async () => {
      await run(
        get(),
        `update keysweep.tracked_key set tracked_at = now() - interval '3 days',
           known_at = now() - interval '3 days' where source = '${source}'`,
      );
      const { sweepId } = await open(get(), using(), undefined, 0);
      await close(get(), sweepId);
      return found();
    };
    expect(await runOut()).toEqual(['key_0 own open', 'key_1 own open']);
    await tryAs(bob);
    expect(await runOut()).toEqual(['key_0 own waived', 'key_1 own open']);
  });

  test('two approvers are two people', async () => {
    const { using, as, tryAs, found } = world({
      people: 'requestedBy: ann, approvedBy: [bob, bob@x.example]',
    });
    expect(await tryAs(bob)).toMatchObject({ approver: 'bob', waitsFor: ['bob@x.example'] });
    expect(await tryAs(bob)).toMatchObject({ before: true, waitsFor: ['bob@x.example'] });
    expect(await tryAs(token('bob'))).toContain('somebody else has approved waiver W-12');
    await judgedSweep(get(), using());
    expect(await found()).toEqual(['key_0 own open', 'key_1 own open']);
    const other = signedIn('rob', 's-9', 'bob@x.example');
    expect(await tryAs(other)).toMatchObject({ approver: 'bob@x.example', waitsFor: [] });
    expect(await as(bob).waivers({})).toMatchObject([{ counts: true }]);
  });

  test('a back-test takes only approved waivers into account', async () => {
    const { using, as, tryAs } = world();
    const { sweepId } = await judgedSweep(get(), using());
    const waived = async (approvals?: string) => {
      const sweeps = { kind: 'one', id: sweepId } as const;
      const source = await as(bob, {}, approvals).backtest({ sweeps });
      if (source === undefined) throw new Error('there is no such sweep');
      const counting = source.count();
      let step = await counting.next();
      while (step.done !== true) step = await counting.next();
      await source.close();
      return step.value.sweeps.map(({ would }) => would.verdicts.waived);
    };
    expect(await waived()).toEqual([0]);
    await tryAs(bob);
    expect(await waived()).toEqual([1]);
  });

  test('a report lists no waiver that waited', async () => {
    const { using, as, tryAs } = world();
    const { sweepId } = await judgedSweep(get(), using());
    await tryAs(bob);
    const { sweepId: later } = await judgedSweep(get(), using());
    const listed = async (id: string) =>
      (await as(bob).report({ id }))?.waivers.map((waiver) => waiver.id);
    expect([await listed(sweepId), await listed(later)]).toEqual([[], ['W-12']]);
  });

  test('without the setting, the names in the policy are enough', async () => {
    const { using, found } = world();
    await judgedSweep(get(), { ...using(), approvals: undefined });
    expect(await found()).toEqual(['key_0 own waived', 'key_1 own open']);
  });
});
