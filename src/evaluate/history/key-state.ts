import type { Facts } from '../judgement.ts';
import type { Policy } from '../policy/policy.ts';
import { isEventType } from './events.ts';
import { type History, noHistory, type WaivedBefore } from './history.ts';
import type { FindingState, FindingWaiver, Resolution } from './transition.ts';

/** Everything that is kept of a tracked key between sweeps. `advance` alone says how it changes. */
export interface KeyState {
  readonly memory: KeyMemory;
  /** By rule; the ended ones too. */
  readonly findings: ReadonlyMap<string, KnownFinding>;
  /** What waivers were given for, by their hash. */
  readonly waived: ReadonlyMap<string, WaivedBefore>;
}

/**
 * What the vendor said of the key. Each field is the newest value that could be read: a night on
 * which it could not be read loses nothing.
 */
export interface KeyMemory {
  /** When the key entered the inventory, the last time it did. */
  readonly trackedAt: Date | undefined;
  /** The newest sweep in which the key's verdict was not unknown. */
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
  /** Of a waived finding; else null. */
  readonly waiver: FindingWaiver | null;
  /** Of a resolved finding; else null. */
  readonly resolution: Resolution | null;
  /** The records read them for findings of events only: other facts decide nothing. */
  readonly facts: Facts | null;
  /** The policy that it was last seen under. */
  readonly policy: number | null;
  /** The opening of the sweep that saw it last. */
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
 * What the rules of a policy are told of the key. The time before it was tracked does not count as
 * time without a verdict. An event belongs to a rule only while the rule is of the same type.
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
