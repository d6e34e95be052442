import { createChunkJudge } from '../../src/backtest/judge-chunks.ts';
import { judgeHere } from '../../src/backtest/judging/judge-here.ts';
import {
  listSweptKeys,
  readTimeline,
  readWantedSweeps,
  type WantedSweeps,
} from '../../src/backtest/read-sweeps.ts';
import type { Judgement } from '../../src/evaluate/judgement.ts';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import type { KeyDetails } from '../../src/keys/detail-fields.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';
import { acknowledgeFinding } from '../../src/record/findings/acknowledge-finding.ts';
import type { Database } from '../../src/record/store/database.ts';
import { type Night, runNight, type Said } from '../record/nights.ts';
import { alerting, all, aTrackedKey } from '../record/world.ts';

type Judged = ReadonlyMap<string, Pick<Judgement, 'violations' | 'unjudged'>>;

/** What these rules say of each key of a kept sweep. */
export async function judgeUnder(
  database: Database,
  id: string,
  rules: string,
  usageLagMs = lag,
): Promise<Judged> {
  const judged = await judgeEach(database, { kind: 'one', id }, rules, usageLagMs);
  return judged.get(id) ?? new Map();
}

/** The same of several kept sweeps, by their ids. */
export async function judgeEach(
  database: Database,
  wanted: WantedSweeps,
  rules: string,
  usageLagMs = lag,
): Promise<ReadonlyMap<string, Judged>> {
  const { policy, judge: judgeKeys } = await judgeHere(`version: test\nrules:${rules}`, null);
  const sweeps = await readWantedSweeps(database, wanted);
  const judging = { policy, judge: judgeKeys, usageLagMs: () => usageLagMs };
  const timeline = await readTimeline(database);
  const { judge, size } = createChunkJudge(database, sweeps, timeline, judging, parsePolicy);
  const judged = new Map<string, [string, Pick<Judgement, 'violations' | 'unjudged'>][]>();
  for await (const { sweep, keys: some } of judge(
    (await listSweptKeys(database, sweeps, size)).parts(),
  )) {
    const { id } = sweep.report;
    const found = judged.get(id) ?? [];
    for (const { evidence, after } of some) {
      const { violations, unjudged } = after;
      found.push([evidence.key.keyId, { violations, unjudged }]);
    }
    judged.set(id, found);
  }
  const inOrder = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
  return new Map([...judged].map(([id, list]) => [id, new Map(list.sort(inOrder))]));
}

export const day = 86_400_000;
const lag = 3_600_000;

const waivers = (day: string) => `
waivers:
  - { id: W-1, rule: stale, keys: [{ source: prod, keyId: key_0 }, { source: prod, keyId: key_1 }], reason: seasonal, requestedBy: ann, approvedBy: bob, expires: ${day} }
  - { id: W-2, rule: drift, match: { type: [secret] }, reason: a change, requestedBy: ann, approvedBy: [bob, eve], expires: ${day} }
  - { id: W-3, rule: woke, keys: [{ source: prod, keyId: key_2 }], reason: a test, requestedBy: ann, approvedBy: bob, expires: ${day} }
  - { id: W-4, rule: dark, keys: [{ source: prod, keyId: key_3 }], reason: a test, requestedBy: ann, approvedBy: bob, expires: ${day} }
  - { id: W-5, rule: stale, match: { owner: [ann] }, reason: a test, requestedBy: ann, approvedBy: [bob, eve], expires: 2026-10-01 }
`;
export const policies = [
  `
  - { id: stale, type: stale, after: 45d, warnBefore: 20d, severity: high }
  - { id: woke, type: reawakened, dormant: 30d, severity: high }
  - { id: odd, type: impossible-metadata, severity: medium }
  - { id: dark, type: unaudited, after: 2d, severity: low }
  - { id: drift, type: scope-drift, severity: high }${waivers('2027-01-01')}`,
  `
  - { id: stale, type: stale, after: 30d, severity: critical }
  - { id: never, type: never-used, grace: 14d, warnBefore: 3d, severity: medium }
  - { id: old, type: too-old, after: 20d, warnBefore: 5d, severity: medium }
  - { id: scopes, type: over-scoped, forbid: ["*:write"], severity: critical, match: { type: [secret] } }
  - { id: drift, type: scope-drift, severity: high }
  - { id: gone, type: missing, severity: low, match: { owner: [ann] } }
  - { id: woke, type: reawakened, dormant: 10d, severity: high }
  - { id: odd, type: impossible-metadata, severity: high }
  - { id: dark, type: unaudited, after: 1d, severity: high }
  - { id: owner, type: unowned, severity: low }
  - { id: names, type: naming, pattern: "prod-*", severity: info }
  - { id: own, type: expression, when: "key.idleDays > 40", message: idle, severity: low }${waivers('2027-01-01')}`,
  `
  - { id: odd, type: reawakened, dormant: 5d, severity: low }
  - { id: names, type: naming, pattern: "*", severity: info }`,
];

/** As random as it need be, and the same at every run (mulberry32). */
function createDraw(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    chance: (part: number) => next() < part,
    pick: <T>(of: readonly T[]) => of[Math.floor(next() * of.length)] as T,
  };
}

type Draw = ReturnType<typeof createDraw>;

function draw({ chance, pick }: Draw, now: number): Said {
  if (chance(0.2)) return 'unreachable';
  if (chance(0.08)) return 'missing';
  const days = (...some: number[]) => some.map((days) => new Date(now - days * day - 1_000));
  const differences: (readonly [chance: number, of: readonly Partial<KeyDetails>[]])[] = [
    [0.5, days(1, 12, 35, 44, 60).map((lastUsed) => ({ lastUsed }))],
    [0.15, [{ lastUsed: null }, { lastUsed: undefined }]],
    [0.15, days(10, 18, 70).map((createdOn) => ({ createdOn }))],
    [0.1, [{ createdOn: undefined }]],
    [0.15, [{ type: 'public' }, { type: undefined }]],
    [0.2, [['a:write'], ['customers:read', 'b:read'], undefined].map((scopes) => ({ scopes }))],
    [0.1, [{ lastFour: 'beef' }, { lastFour: undefined }]],
    [0.1, [{ name: 'prod-1' }, { name: undefined }]],
  ];
  const drawn = differences.filter(([part]) => chance(part)).map(([, of]) => pick(of));
  return Object.assign({}, ...drawn) as Partial<KeyDetails>;
}

export const keys: readonly TrackedKey[] = Array.from({ length: 12 }, (_, n) =>
  aTrackedKey(`key_${n}`, {
    owner: ['ann', 'bob', null][n % 3] as string | null,
    approvedScopes: n % 4 === 0 ? ['customers:*'] : null,
  }),
);

/** Eight nights under policies of their own; some are re-audits of a few keys. */
export function drawNights(seed: number): readonly Night[] {
  const random = createDraw(seed);
  const start = Date.now();
  return Array.from({ length: 8 }, (_, n): Night => {
    const opened = new Date(start - (8 - n) * day);
    const said = new Map(keys.map(({ keyId }) => [keyId, draw(random, start)]));
    const rules = random.pick(policies);
    const swept = random.chance(0.2) ? keys.slice(0, 9) : keys;
    const night = { keys: swept, rules, opened, said, usageLagMs: lag };
    return random.chance(0.3) ? { ...night, named: swept.slice(n % 5, 6) } : night;
  });
}

async function acknowledgeSome(database: Database, { chance }: Draw) {
  const found = await all<{ fingerprint: string }>(
    database,
    "select fingerprint from keysweep.finding where state <> 'resolved' and type = 'reawakened' order by fingerprint",
  );
  for (const { fingerprint } of found) {
    if (!chance(0.4)) continue;
    await acknowledgeFinding(
      database,
      { fingerprint, by: 'ann', known: 'asserted', reason: 'known' },
      alerting,
    );
  }
}

export async function live(database: Database, nights: readonly Night[], seed: number) {
  const random = createDraw(seed);
  const ids: string[] = [];
  for (const night of nights) {
    ids.push(await runNight(database, night));
    await acknowledgeSome(database, random);
  }
  return ids;
}
