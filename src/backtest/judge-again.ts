import { evaluate } from '../evaluate/evaluate.ts';
import { type History, noHistory } from '../evaluate/history/history.ts';
import type { Judgement } from '../evaluate/judgement.ts';
import type { CompiledPolicy } from '../evaluate/policy/compile-policy.ts';
import type { Policy } from '../evaluate/policy/policy.ts';
import { eventsFor, foldPast, isEnough, type Past, planNeeds, wasKnown } from './plan-past.ts';
import type { Evidence } from './read-evidence.ts';
import type { PastReader } from './read-past.ts';
import type { KeptSweep } from './read-sweeps.ts';

/** The policy that kept evidence is judged under, and what is not kept with it. */
export interface Judging {
  readonly policy: Policy;
  readonly compiled: CompiledPolicy;
  usageLagMs(source: string): number;
}

/** A key of a kept sweep, as the other policy judges it. */
export interface JudgedAgain {
  readonly evidence: Evidence;
  readonly after: Judgement;
}

/**
 * Judges the kept keys of a sweep as a sweep of that instant would have done it under this policy,
 * with what was known of each key then and not since.
 */
export async function judgeAgain(
  sweep: KeptSweep,
  keys: readonly Evidence[],
  past: PastReader,
  judging: Judging,
): Promise<readonly JudgedAgain[]> {
  const histories = await readHistories(sweep, keys, past, judging.policy);
  const judge = (evidence: Evidence, knownAt: Date | undefined): JudgedAgain => {
    const history = { ...(histories.get(evidence.id) ?? noHistory), knownAt };
    const { key, observation } = evidence;
    const usageLagMs = judging.usageLagMs(key.source);
    const about = { observation, key, asOf: sweep.openedAt, usageLagMs, history };
    return { evidence, after: evaluate({ ...about, policy: judging.compiled }) };
  };
  const judged = keys.map((evidence) => judge(evidence, undefined));
  if (judging.compiled.unaudited.length === 0) return judged;

  // Since when a key is unknown is asked only of those that are.
  const unknown = judged.flatMap(({ evidence, after }) => (after.known ? [] : [evidence]));
  const known = await readKnown(sweep, unknown, past);
  return judged.map((one) => {
    const { evidence, after } = one;
    return after.known ? one : judge(evidence, known.get(evidence.id));
  });
}

async function readHistories(
  sweep: KeptSweep,
  keys: readonly Evidence[],
  past: PastReader,
  policy: Policy,
): Promise<ReadonlyMap<number, History>> {
  const needs = new Map(
    keys.map(({ id, observation, remembered }) => [id, planNeeds(policy, observation, remembered)]),
  );
  const needing = keys.filter(({ id }) => needs.get(id)?.events === true);
  const rows = await past.read(sweep, needing, ({ id }, found) => {
    const need = needs.get(id);
    return need === undefined || isEnough(found, need);
  });
  const eventful = needing.flatMap(({ id }) => (hasEvents(rows.get(id) ?? []) ? [id] : []));
  const acknowledged = await past.readAcknowledged(eventful);
  return new Map(
    keys.map(({ id, firstScopes, waived, observation }) => {
      const found = rows.get(id) ?? [];
      const done = (acknowledged.get(id) ?? []).filter(({ at }) => at <= observation.at);
      const folded = foldPast(found, done);
      const openEvents = eventsFor(policy, folded, found);
      return [id, { ...noHistory, ...folded, openEvents, firstScopes, waived }];
    }),
  );
}

function hasEvents(past: readonly Past[]): boolean {
  return past.some((one) => one.kind === 'swept' && one.judgement.violations.length > 0);
}

/**
 * The newest sweep before this one in which each key's verdict was known; else when it was tracked.
 * Where nothing since has been known, it is remembered with the key.
 */
async function readKnown(
  sweep: KeptSweep,
  keys: readonly Evidence[],
  past: PastReader,
): Promise<ReadonlyMap<number, Date>> {
  const remembered = ({ remembered: { knownAt } }: Evidence) =>
    knownAt !== null && knownAt < sweep.openedAt;
  const rows = await past.read(
    sweep,
    keys,
    (key, found) => remembered(key) || key.remembered.knownAt === null || found.some(wasKnown),
  );
  return new Map(
    keys.map((key) => {
      const found = rows.get(key.id)?.find((one) => one.kind === 'swept' && wasKnown(one));
      const asOf = found?.kind === 'swept' ? found.asOf : null;
      return [key.id, sinceOf(sweep, key, remembered(key) ? key.remembered.knownAt : asOf)];
    }),
  );
}

/** Since when it was tracked before it left the inventory and came back, nobody remembers. */
function sinceOf({ openedAt }: KeptSweep, { trackedAt }: Evidence, knownAt: Date | null): Date {
  if (trackedAt > openedAt) return knownAt ?? openedAt;
  return knownAt !== null && knownAt > trackedAt ? knownAt : trackedAt;
}
