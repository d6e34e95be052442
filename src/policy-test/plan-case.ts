import type { Observation } from '../keys/observation.ts';
import { readDetails } from '../keys/read-details.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { readVendorFields } from '../keys/vendor-fields.ts';
import type { CaseObserved, Defaults, PolicyCase } from './case-schema.ts';
import { parseMoment } from './moment.ts';

/** One sweep of a case's key. `acknowledged`: rules whose events were acknowledged after it. */
export interface Night {
  readonly asOf: Date;
  readonly observation: Observation;
  readonly acknowledged: readonly string[];
}

/** A complete case: its key and its sweeps. The last sweep is the one to judge. */
export interface CasePlan {
  readonly key: TrackedKey;
  readonly usageLagMs: number;
  readonly trackedSince: Date;
  readonly before: readonly Night[];
  readonly last: Night;
}

/**
 * Completes a case from the defaults. Earlier nights take missing fields from the last one.
 * Relative moments count from the case's `at`, which the checks have required.
 */
export function planCase(one: PolicyCase, defaults: Defaults): CasePlan {
  const at = one.at ?? defaults.at ?? new Date(0);
  const now: CaseObserved = { ...defaults.observed, ...one.observed };
  const { at: _at, missing: _missing, unknown: _unknown, ...standing } = now;
  const before = (one.before ?? []).map(({ acknowledged = [], ...said }) => {
    const observation = observe({ ...standing, ...said }, at);
    return { asOf: observation.at, observation, acknowledged };
  });
  const last = { asOf: at, observation: observe(now, at), acknowledged: [] };
  const tracked = one.trackedSince === undefined ? undefined : parseMoment(one.trackedSince, at);
  const first = before[0]?.asOf ?? at;
  return {
    key: keyOf({ ...defaults.key, ...one.key }),
    usageLagMs: one.usageLag ?? defaults.usageLag ?? 0,
    trackedSince: tracked ?? first,
    before,
    last,
  };
}

function keyOf(key: NonNullable<PolicyCase['key']>): TrackedKey {
  return {
    source: key.source ?? 'prod',
    keyId: key.keyId ?? 'key_1',
    owner: key.owner || null,
    environment: key.environment || null,
    approvedScopes: key.approvedScopes ?? null,
    tags: key.tags ?? [],
  };
}

function observe(
  { at: seen = 'now', missing, unknown, ...words }: CaseObserved,
  now: Date,
): Observation {
  const at = parseMoment(seen, now) ?? now;
  if (missing === true) return { kind: 'missing', at };
  if (unknown !== undefined)
    return { kind: 'unknown', at, reason: unknown, detail: 'as the case has it' };
  const said = {
    ...words,
    ...spelledOut('createdOn', words.createdOn, now),
    ...spelledOut('lastUsed', words.lastUsed, now),
  };
  return { kind: 'present', at, details: readDetails(readVendorFields(said)) };
}

/** Writes a relative moment as the vendor would; any other value stays as it is. */
function spelledOut(field: string, said: unknown, now: Date): Readonly<Record<string, unknown>> {
  const moment = typeof said === 'string' ? parseMoment(said, now) : undefined;
  return moment === undefined ? {} : { [field]: moment.toISOString() };
}
