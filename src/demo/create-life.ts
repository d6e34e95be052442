import { parseInstant } from '../keys/instant.ts';
import type { Observation } from '../keys/observation.ts';
import { readDetails } from '../keys/read-details.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { readVendorFields } from '../keys/vendor-fields.ts';
import { keyBody } from '../sandbox/bodies.ts';
import { type FleetKey, resolveDate } from '../sandbox/fleet-key.ts';
import { judgeStatus } from '../sources/http/judge-http.ts';
import { drawNumbers } from './draw-numbers.ts';
import type { PastLife } from './past-lives.ts';
import { lastUseAt, planUses, type TimeSpan } from './plan-uses.ts';

/** The past of one tracked key. */
export interface Life {
  readonly key: TrackedKey;
  readonly trackedAt: Date;
  /** What the vendor answers at an instant. */
  observe(at: Date): Observation;
  readonly acknowledged: Acknowledged | undefined;
}

interface Acknowledged {
  readonly rule: string;
  readonly at: Date;
  readonly note: { readonly by: string; readonly reason: string };
}

/** `now`: when the demo starts. `since`: when its past begins. */
export interface LifeTerms {
  readonly now: Date;
  readonly since: Date;
}

/** `fleetKey`: as the sandbox has it now; undefined if the vendor knows no such key. */
export function createLife(
  key: TrackedKey,
  fleetKey: FleetKey | undefined,
  life: PastLife = {},
  terms: LifeTerms,
): Life {
  const { now } = terms;
  const present = fleetKey ?? { id: key.keyId };
  const idle = (life.idle ?? []).map((span) => toSpan(span, now));
  const versions = [
    ...(life.was ?? []).map((was) => ({
      ...toSpan(was, now),
      says: createAnswer({ ...present, ...was.fields }, idle, terms),
    })),
    { from: -Infinity, until: Infinity, says: createAnswer(present, idle, terms) },
  ];
  return {
    key,
    trackedAt: new Date(versions[0]?.says.trackedAt ?? 0),
    observe(at) {
      const time = at.getTime();
      const version = versions.find(({ from, until }) => time >= from && time < until);
      return version === undefined ? { kind: 'missing', at } : version.says.observe(at);
    },
    acknowledged: acknowledgedOf(life, now),
  };
}

function acknowledgedOf({ acknowledged }: PastLife, now: Date): Acknowledged | undefined {
  if (acknowledged === undefined) return undefined;
  const { rule, at, by, reason } = acknowledged;
  return { rule, at: new Date(instantOf(at, now) ?? 0), note: { by, reason } };
}

interface AnswerOfVersion {
  readonly trackedAt: number;
  observe(at: Date): Observation;
}

function createAnswer(
  key: FleetKey,
  idle: readonly TimeSpan[],
  { now, since }: LifeTerms,
): AnswerOfVersion {
  const createdOn = instantOf(key.createdOn, now);
  const lastUsed = instantOf(key.lastUsed, now);
  const facts = { id: key.id, idle, now: now.getTime(), since: since.getTime() };
  const uses =
    lastUsed === undefined ? [] : planUses({ ...facts, createdOn: createdOn ?? 0, lastUsed });
  const body = keyBody({ ...key, createdOn: resolveDate(key.createdOn, now) } as FleetKey);
  return {
    trackedAt: trackedAfter(key.id, createdOn ?? 0, since.getTime()),
    observe(at) {
      const failure = failureOf(key);
      if (failure !== undefined) return { kind: 'unknown', at, ...failure };
      if (key.fault !== undefined || key.name === undefined) return { kind: 'missing', at };
      const used = lastUsed === undefined ? key.lastUsed : textOf(lastUseAt(uses, at.getTime()));
      return {
        kind: 'present',
        at,
        details: readDetails(readVendorFields({ ...body, lastUsed: used })),
      };
    },
  };
}

/** The one fault of the sample fleet that is a failure is a status of HTTP. */
function failureOf({ fault }: FleetKey) {
  const status = Number(fault);
  if (!Number.isInteger(status)) return undefined;
  const failure = judgeStatus({
    kind: 'reply',
    status,
    body: undefined,
    fault: undefined,
    retryAfterMs: undefined,
  });
  return failure && { reason: failure.reason, detail: failure.detail };
}

const hourMs = 3_600_000;

/** A key enters the inventory a few hours after it was created. */
function trackedAfter(id: string, createdOn: number, since: number): number {
  const wait = Math.floor((1 + 3 * drawNumbers(`tracked ${id}`)()) * hourMs);
  return Math.max(createdOn + wait, since - hourMs);
}

function toSpan({ from, until }: { readonly from?: string; readonly until: string }, now: Date) {
  return { from: instantOf(from, now) ?? -Infinity, until: instantOf(until, now) ?? Infinity };
}

/** Undefined for what is no instant; the sample fleet holds such a date on purpose. */
function instantOf(date: unknown, now: Date): number | undefined {
  const text = resolveDate(date, now);
  return typeof text === 'string' ? parseInstant(text)?.getTime() : undefined;
}

function textOf(use: number | null): string | null {
  return use === null ? null : new Date(use).toISOString().replace('.000Z', 'Z');
}
