import type { Facts } from '../judgement.ts';
import type { Policy } from '../policy/policy.ts';
import { isEventType } from './events.ts';
import { type History, noHistory, type WaivedBefore } from './history.ts';
import type { FindingState, FindingWaiver, Resolution } from './transition.ts';

/** Everything that is kept of a tracked key between sweeps. Only `advance` changes it. */
export interface KeyState {
  readonly memory: KeyMemory;
  /** By rule id, resolved findings included. */
  readonly findings: ReadonlyMap<string, KnownFinding>;
  /** The baselines of waivers, by the waiver's hash. */
  readonly waived: ReadonlyMap<string, WaivedBefore>;
}

/**
 * What the vendor said of the key. Each vendor field has its last readable value, so an unreadable
 * answer loses nothing.
 */
export interface KeyMemory {
  /** When the key last entered the inventory. */
  readonly trackedAt: Date | undefined;
  /** When the newest sweep with a known verdict of the key opened. */
  readonly knownAt: Date | undefined;
  /** The newest observation that its findings follow. */
  readonly newest: NewestObservation | undefined;
  /** Null: the vendor said at `lastUsedAt` that the key was never used. */
  readonly lastUsed: Date | null | undefined;
  readonly lastUsedAt: Date | undefined;
  readonly createdOn: Date | undefined;
  readonly type: string | undefined;
  readonly lastFour: string | undefined;
  readonly name: string | undefined;
  /** The scopes of the first observation in which they could be read. */
  readonly firstScopes: readonly string[] | undefined;
}

/** `content` and `entry` name what the vendor and the inventory said then. */
export interface NewestObservation {
  readonly at: Date;
  readonly content: number | null;
  readonly entry: number | null;
  readonly lastUsed: Date | null;
}

/** A finding of the key. */
export interface KnownFinding {
  readonly rule: string;
  /** The type that the rule had when the finding was last seen. */
  readonly type: string;
  readonly state: FindingState;
  /** Null unless the finding is waived. */
  readonly waiver: FindingWaiver | null;
  /** Null unless the finding is resolved. */
  readonly resolution: Resolution | null;
  /** The records read facts only for rule types with events; other facts decide nothing. */
  readonly facts: Facts | null;
  /** The policy that it was last seen under. */
  readonly policy: number | null;
  /** When the sweep that last saw it opened. */
  readonly seenAt: Date;
}

/** A key of which nothing is known yet. */
export function newKey(trackedAt?: Date): KeyState {
  const { lastUsed, lastUsedAt, createdOn, type, lastFour, firstScopes } = noHistory;
  const said = { lastUsed, lastUsedAt, createdOn, type, lastFour, firstScopes, name: undefined };
  return {
    memory: { ...said, trackedAt, knownAt: undefined, newest: undefined },
    findings: new Map(),
    waived: noHistory.waived,
  };
}

/** What `historyOf` looks at. */
export interface JudgedState extends Pick<KeyState, 'memory' | 'waived'> {
  readonly findings: ReadonlyMap<string, Pick<KnownFinding, 'type' | 'state' | 'facts'>>;
}

/**
 * The history of the key that the rules of a policy see. The time before it was tracked does not
 * count as time without a verdict. An event belongs to a rule only while the rule has the same
 * type.
 */
export function historyOf({ memory, findings, waived }: JudgedState, policy: Policy): History {
  return {
    lastUsed: memory.lastUsed,
    lastUsedAt: memory.lastUsedAt,
    createdOn: memory.createdOn,
    type: memory.type,
    lastFour: memory.lastFour,
    firstScopes: memory.firstScopes,
    waived,
    knownAt: later(memory.knownAt, memory.trackedAt),
    openEvents: findings.size === 0 ? noHistory.openEvents : openEvents(findings, policy),
  };
}

function openEvents(findings: JudgedState['findings'], { rules }: Policy): History['openEvents'] {
  const open = [...findings].flatMap(([rule, { type, state, facts }]) =>
    state === 'resolved' || facts === null || !isEventType(type) ? [] : [{ rule, type, facts }],
  );
  if (open.length === 0) return noHistory.openEvents;
  const types = new Map<string, string>(rules.map(({ id, type }) => [id, type]));
  return new Map(
    open.flatMap(({ rule, type, facts }) => (types.get(rule) === type ? [[rule, facts]] : [])),
  );
}

export function later(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}
