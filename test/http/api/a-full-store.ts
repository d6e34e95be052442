import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signLog } from '../../../src/app/evidence/sign-log.ts';
import type { ReviewConfig } from '../../../src/config/reviews/reviews-config.ts';
import { parsePolicy } from '../../../src/evaluate/policy/parse-policy.ts';
import { signRotation } from '../../../src/evidence/log/key-rotation.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import type { OperationName } from '../../../src/operations/index.ts';
import { startReview } from '../../../src/record/reviews/start-review.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { nobodyListens } from '../../alert/channels/nobody-listens.ts';
import { anAlert } from '../../record/an-alert.ts';
import { aPerson, aReview, someTerms } from '../../record/reviews/a-review.ts';
import { aTrackedKey, inputs, one, open, run, sweep } from '../../record/world.ts';

const rules = `
  - { id: stale, type: stale, after: 45d, severity: high }
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
waivers:
  - { id: W-1, rule: woke, keys: [{ source: prod, keyId: other }], reason: r, requestedBy: ann,
      approvedBy: it, expires: 2999-01-01 }
`;
const source = 'prod';
/** Each has a finding to acknowledge. */
const keyCount = 100;

/** Each can be closed or signed off once. */
async function startReviews(database: Database, review: ReviewConfig): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 2 * keyCount; n += 1) {
    const { id } = await startReview(database, review, someTerms(), aPerson('boss'));
    ids.push(id);
  }
  return ids;
}

const logKey = signingKeyOf('keysweep/test', 1, Buffer.alloc(32, 1));

async function signOnce(database: Database): Promise<void> {
  const stateFile = join(tmpdir(), randomUUID());
  await signLog(database, { key: logKey, origin: logKey.verifier.name, stateFile });
  await rm(stateFile);
}

/** A store in which there is something for every operation, and the inputs that name it. */
export async function openFullStore(database: Database) {
  const keys = Array.from({ length: keyCount }, (_, n) =>
    aTrackedKey(`key-${n}`, { source, tags: n === 0 ? ['reviewed'] : [] }),
  );
  const using = inputs(keys, rules);
  await sweep(database, using);
  const breaks = Object.fromEntries(keys.map(({ keyId }) => [keyId, { breaks: ['woke'] }]));
  const { sweepId } = await sweep(database, using, breaks);
  await signOnce(database);
  const alert = await anAlert(database, { channel: 'siem', state: 'failed' });
  const running = await open(database, using);
  const { id: request } = await one<{ id: string }>(
    database,
    `select r.id from keysweep.request r join keysweep.sweep s on s.id = r.sweep_id
     where s.uuid = '${running.sweepId}'`,
  );
  await run(database, `update keysweep.sweep set held = 'held' where uuid = '${sweepId}'`);
  await run(database, 'update keysweep.finding_event set planned_at = null');
  const reviews = [aReview({ of: { tags: ['reviewed'] } })];
  const campaigns = await startReviews(database, reviews[0] ?? aReview());
  const [kept = ''] = campaigns;
  const policy = using.policy.text;
  const prints = keys.map(({ keyId }) => fingerprint(source, keyId, 'woke'));
  const named: Partial<Record<OperationName, () => object>> = {
    audit: () => ({ keys: [{ source, keyId: 'key-0' }] }),
    progress: () => ({ id: request }),
    pending: () => ({ id: request }),
    stopSweep: () => ({ id: running.sweepId }),
    report: () => ({ id: sweepId }),
    release: () => ({ id: sweepId }),
    acknowledge: () => ({ fingerprint: prints.pop(), reason: 'known' }),
    evidencePack: () => ({ from: '2026-01-01', to: '2999-01-01' }),
    evidenceSummary: () => ({ from: '2026-01-01', to: '2999-01-01' }),
    keyProof: () => ({ sweep: sweepId, key: `${source}/key-0` }),
    rotateKey: () => signRotation(logKey, signingKeyOf('keysweep/test', 1, Buffer.alloc(32, 2))),
    findKeys: () => ({ keyId: 'key-0', source }),
    keyHistory: () => ({ keyId: 'key-0', source }),
    outcome: () => ({ ids: [alert], withinMs: 0 }),
    retryAlert: () => ({ id: alert }),
    retryAlerts: () => ({ kind: 'these', ids: [alert] }),
    testChannel: () => ({ id: 'siem' }),
    review: () => ({ id: kept }),
    startReview: () => ({ review: 'quarterly' }),
    remindReview: () => ({ id: kept }),
    closeReview: () => ({ id: campaigns.pop(), reason: 'done' }),
    signOffReview: () => ({ id: campaigns.pop(), reason: 'seen' }),
    withdrawReviewLinks: () => ({ id: kept, reviewer: 'ann' }),
    decideReview: () => ({
      id: kept,
      decisions: [{ source, keyId: 'key-0', decision: 'keep', reason: 'in use' }],
    }),
    approveWaiver: () => ({ waiver: 'W-1' }),
    backtest: () => ({ policy, sweeps: { kind: 'one', id: sweepId } }),
  };
  return {
    channels: nobodyListens(),
    config: {
      inventory: keepKeys(keys),
      reviews,
      policy: { text: policy, hash: randomUUID(), policy: parsePolicy(policy) },
    },
    ordinary: (name: OperationName) => named[name]?.() ?? {},
  };
}
