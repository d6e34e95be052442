import type { ScheduleConfig } from '../../../src/config/config.ts';
import type { Waiver } from '../../../src/evaluate/waivers/waiver.ts';
import { signRotation } from '../../../src/evidence/log/key-rotation.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import { recordApproval } from '../../../src/record/approvals/record-approval.ts';
import { acknowledgeFinding } from '../../../src/record/findings/acknowledge-finding.ts';
import { tellRotation } from '../../../src/record/log/tell-rotation.ts';
import { decideReview } from '../../../src/record/reviews/decide.ts';
import { signOffReview } from '../../../src/record/reviews/end-review.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { RequestRefused } from '../../../src/record/store/errors.ts';
import { noteConfiguration } from '../../../src/record/sweeps/note-configuration.ts';
import { openTickSweep } from '../../../src/record/sweeps/open-sweep.ts';
import { pruneEvidence } from '../../../src/record/sweeps/prune-evidence.ts';
import { decideTicks } from '../../../src/record/sweeps/ticks.ts';
import { aPerson, aReview, start } from '../reviews/a-review.ts';
import { alerting, claim, close, inputs, judgedSweep, record, someKeys } from '../world.ts';

/** One thing that somebody does, as often as it is called. */
export type Write = () => Promise<void>;

const day = 86_400_000;
const keys = someKeys(4);
const nightly: ScheduleConfig = {
  ...{ id: 'nightly', cron: '30 2 * * *', timezone: 'UTC', catchUpMs: day / 2 },
  ...{ overlap: 'skip', deadlineMs: day / 3 },
};
const rules = (reason: string) => `
  - { id: stale, type: stale, after: 45d, severity: high }
waivers:
  - { id: W-1, rule: stale, keys: [{ source: prod, keyId: key_2 }], reason: "${reason}",
      requestedBy: ann, approvedBy: bob, expires: 2099-01-31 }
`;
const idle = { details: { createdOn: new Date('2020-01-01'), lastUsed: new Date('2021-01-01') } };

/** Each takes the comparison a few statements more. */
const mostReviews = 4;

/** All that may be written while the service runs, in a store that it has begun. */
export async function createWriters(database: Database): Promise<readonly Write[]> {
  let times = 0;
  const next = () => {
    times += 1;
    return times;
  };
  const configure = (retentionMs: number) => {
    const weekly = { ...nightly, id: 'weekly', cron: `${retentionMs % 60} 3 * * 0` };
    const schedules = retentionMs % 2 === 0 ? [nightly, weekly] : [nightly];
    return noteConfiguration(database, { schedules, retentionMs });
  };
  const night = async () => {
    const broken = next() % 2 === 0 ? { key_1: idle, key_2: idle } : { key_2: idle };
    await judgedSweep(database, inputs(keys, rules(`job ${times % 3}`)), broken);
  };
  await configure(1);
  await night();
  return [
    night,
    async () => configure(next()),
    async () => void (await pruneEvidence(database, 1)),
    ...reviewing(database, await start(database, aReview()), next),
    ...ticking(database, next),
    approving(database, next),
    rotating(database, next),
  ];
}

function reviewing(database: Database, row: number, next: () => number): readonly Write[] {
  const decide = (keyId: string, decision: 'keep' | 'revoke') => async () => {
    const decider = { person: aPerson('ann'), assertMay: () => undefined };
    const one = { source: 'prod', keyId, decision, reason: `because ${next()}` };
    await decideReview(database, row, [one], decider, alerting);
  };
  const acknowledge = async () => {
    const request = { by: 'bob', known: 'token', reason: `done ${next()}` } as const;
    const named = { fingerprint: fingerprint('prod', 'key_3', 'review-revoke'), ...request };
    await unlessRefused(acknowledgeFinding(database, named, alerting));
  };
  const open: number[] = [];
  let left = mostReviews;
  const begin = async () => {
    if (left > 0) open.push(await start(database, aReview({ id: `review-${next()}` })));
    left -= 1;
  };
  const signOff = async () => {
    const other = open.shift();
    if (other === undefined) return;
    const signed = { person: aPerson('boss'), reason: 'seen' };
    await signOffReview(database, other, signed, null);
  };
  const [revoke, keep, both] = [
    decide('key_0', 'revoke'),
    decide('key_0', 'keep'),
    decide('key_3', 'revoke'),
  ];
  return [revoke, both, keep, acknowledge, begin, signOff];
}

/** Nothing to acknowledge is no mistake here. */
async function unlessRefused(work: Promise<unknown>): Promise<void> {
  await work.catch((error) => {
    if (!(error instanceof RequestRefused)) throw error;
  });
}

function ticking(database: Database, next: () => number): readonly Write[] {
  const from = Date.now() - 300 * day;
  const dueAt = () => new Date(from + next() * 3_600_000);
  const openOne = () => {
    const order = { schedule: 'nightly', dueAt: dueAt(), trigger: 'schedule' } as const;
    const terms = { ...order, overlap: 'skip', deadlineMs: 3_600_000 } as const;
    return openTickSweep(database, terms, inputs(keys, rules('tick')));
  };
  const sweepTick = async () => {
    const opened = await openOne();
    if (typeof opened !== 'object') return;
    await openOne();
    await record(database, await claim(database, opened));
    await close(database, opened.sweepId);
  };
  const missOne = async () => {
    const missed = { count: 1, first: dueAt(), last: dueAt() };
    await decideTicks(database, 'nightly', alerting, () => ({
      ...{ run: undefined, overtaken: [], missed },
    }));
  };
  return [sweepTick, missOne];
}

function approving(database: Database, next: () => number): Write {
  return async () => {
    const waiver: Waiver = {
      ...{ id: `W-${next()}`, rule: 'stale', keys: undefined, match: undefined },
      ...{ requestedBy: 'ann', approvedBy: ['bob'], reason: 'because' },
      expires: new Date('2099-01-01'),
    };
    const known = { by: 'bob', known: 'oidc', subject: 'b', mail: null } as const;
    const person = { names: ['bob'], allNames: ['bob'], person: 'b' };
    await recordApproval(database, { waiver, ...known, ...person });
  };
}

function rotating(database: Database, next: () => number): Write {
  const makeKey = () => {
    const seed = Buffer.alloc(32);
    seed.writeUInt32BE(next());
    return signingKeyOf('log', 1, seed);
  };
  let key = makeKey();
  return async () => {
    const old = key;
    key = makeKey();
    await tellRotation(database, signRotation(old, key));
  };
}
