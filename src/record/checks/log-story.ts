import type { LogEvent } from '../../evidence/leaves/events.ts';
import type { Leaf, Subjects } from '../../evidence/leaves/leaf.ts';
import type { NumberedLeaf } from '../../evidence/leaves/numbered-leaf.ts';
import type { SuspectBatch } from './find-swapped.ts';

type EventOf<Name extends LogEvent['event']> = Extract<LogEvent, { event: Name }>;

/** A leaf of one event, with its number. */
export interface ToldLeaf<Name extends LogEvent['event']> {
  readonly n: number;
  readonly event: EventOf<Name>;
  readonly subjects: Subjects;
}

export type ReviewLeaf = ToldLeaf<'reviewed'>;

/** What the leaves say, as far as the records can be compared with it. */
export interface LogStory {
  /** The number of leaves that were read. */
  size: number;
  /** When the first leaf was written; undefined without one. */
  createdAt?: Date;
  /** When the newest leaf was written that could be read. */
  writtenAt?: string;
  /** The leaves with the instant of the one before: the clock may have been set back. */
  readonly pinned: Set<number>;
  /** The id in the first leaf. */
  installation?: string;
  readonly sweeps: Map<string, ToldLeaf<'sweep-closed'>>;
  /** The sweeps that were pruned. */
  readonly pruned: Set<string>;
  /** The first leaf that names each policy, by the hash of its text. */
  readonly policies: Map<string, number>;
  /** The version of each, as the log says it. */
  readonly versions: Map<string, string>;
  /** What was told of each campaign of a review, by its id, in the order of the log. */
  readonly campaigns: Map<string, ReviewLeaf[]>;
  readonly acknowledged: ToldLeaf<'acknowledged'>[];
  readonly approvals: ToldLeaf<'waiver-approved'>[];
  readonly missed: ToldLeaf<'sweep-missed'>[];
  readonly skipped: ToldLeaf<'sweep-skipped'>[];
  /** The newest leaf of each tick that had a sweep, and that was skipped; see `nameTick`. */
  readonly sweptTicks: Map<string, number>;
  readonly skippedTicks: Map<string, number>;
  /** The newest leaf of each schedule that was not removed. */
  readonly schedules: Map<string, ToldLeaf<'schedule-set'>>;
  /** The schedules that were set at any time: the leaf that set the times of their ticks last. */
  readonly knownSchedules: Map<string, ToldLeaf<'schedule-set'>>;
  retention?: ToldLeaf<'retention-set'>;
  /** The new key, by the old one. */
  readonly keys: Map<string, ToldLeaf<'key-rotated'>>;
  /** All changes of the key. */
  readonly rotations: NumberedLeaf[];
  /** By the hash of what was approved; the newest leaf of each. */
  readonly waivers: Map<string, ToldLeaf<'waiver-set'>>;
  /** The hashes of waivers that hold, and the names of those that ended. */
  readonly activeWaivers: Set<string>;
  readonly endedWaivers: Set<string>;
  /** What was said last: the object of the newest leaf. */
  policy?: string;
  inventory?: string;
  seals?: { readonly n: number; readonly name: string | undefined };
  simulated: number;
  /** Batches that differ, of which a few may be those of other sweeps. */
  readonly suspects: SuspectBatch[];
  /** The leaf that the row of a sweep refers to, by its own leaf. */
  readonly misplaced: Map<number, number>;
  /** The places of the sweeps in the order of all closings, in the order of their leaves. */
  readonly closings: PlacedClosing[];
}

/** What the row of a sweep says of its place in the order of closings. */
export interface PlacedClosing {
  readonly leaf: number;
  readonly sweep: string;
  readonly closing: number | null;
}

export function createLogStory(): LogStory {
  return {
    ...{ size: 0, simulated: 0, acknowledged: [], approvals: [], missed: [], skipped: [] },
    ...{
      sweeps: new Map(),
      pruned: new Set(),
      policies: new Map(),
      versions: new Map(),
      campaigns: new Map(),
    },
    ...{ waivers: new Map(), activeWaivers: new Set(), endedWaivers: new Set() },
    ...{ schedules: new Map(), knownSchedules: new Map() },
    ...{ sweptTicks: new Map(), skippedTicks: new Map() },
    ...{
      keys: new Map(),
      rotations: [],
      suspects: [],
      misplaced: new Map(),
      closings: [],
      pinned: new Set(),
    },
  };
}

/** One text for a schedule and an instant at which it was due. */
export function nameTick(schedule: string, dueAt: string): string {
  return JSON.stringify([schedule, dueAt]);
}

/** Adds what a leaf says. */
export function addLeaf(story: LogStory, n: number, { event, subjects }: Leaf): void {
  story.createdAt ??= new Date(event.at);
  if (event.at === story.writtenAt) story.pinned.add(n);
  story.writtenAt = event.at;
  if (subjects.policy !== undefined && !story.policies.has(subjects.policy)) {
    story.policies.set(subjects.policy, n);
  }
  tell[event.event]?.(story, { n, event, subjects } as never);
}

type Tell = {
  readonly [Name in LogEvent['event']]?: (story: LogStory, leaf: ToldLeaf<Name>) => void;
};

const known: Tell = {
  'log-created': (story, { event }) => {
    story.installation = event.installation;
  },
  'sweep-closed': (story, leaf) => {
    const { sweep, schedule, dueAt } = leaf.event;
    story.sweeps.set(sweep, leaf);
    if (schedule !== null && dueAt !== null)
      story.sweptTicks.set(nameTick(schedule, dueAt), leaf.n);
  },
  'evidence-pruned': (story, { event }) => {
    for (const { sweep } of event.sweeps) story.pruned.add(sweep);
  },
  'sweep-missed': (story, leaf) => story.missed.push(leaf),
  'sweep-skipped': (story, leaf) => {
    story.skipped.push(leaf);
    story.skippedTicks.set(nameTick(leaf.event.schedule, leaf.event.dueAt), leaf.n);
  },
  'schedule-set': (story, leaf) => {
    const { schedule, cron, timezone } = leaf.event;
    story.schedules.set(schedule, leaf);
    const before = story.knownSchedules.get(schedule)?.event;
    if (before?.cron !== cron || before.timezone !== timezone) {
      story.knownSchedules.set(schedule, leaf);
    }
  },
  'schedule-removed': (story, { event }) => story.schedules.delete(event.schedule),
  'retention-set': (story, leaf) => {
    story.retention = leaf;
  },
  'key-rotated': (story, leaf) => {
    story.keys.set(leaf.event.old, leaf);
    story.rotations.push({ ...leaf, at: new Date(leaf.event.at) });
  },
  acknowledged: (story, leaf) => story.acknowledged.push(leaf),
  'waiver-approved': (story, leaf) => story.approvals.push(leaf),
  reviewed: ({ campaigns }, leaf) => {
    const { review } = leaf.event;
    const told = campaigns.get(review);
    if (told === undefined) campaigns.set(review, [leaf]);
    else told.push(leaf);
  },
  'waiver-set': (story, leaf) => {
    story.waivers.set(leaf.event.hash, leaf);
    story.activeWaivers.add(leaf.event.hash);
  },
  'waiver-ended': (story, { event }) => {
    story.activeWaivers.delete(event.hash);
    story.endedWaivers.add(event.waiver);
  },
  'policy-set': (story, { event, subjects }) => {
    setIfNamed(story, 'policy', subjects.policy);
    story.versions.set(subjects.policy ?? '', event.version);
  },
  'inventory-set': (story, { subjects }) => setIfNamed(story, 'inventory', subjects.inventory),
  'seals-adopted': (story, { n, subjects }) => {
    story.seals = { n, name: subjects.seals };
  },
  simulated: (story, { event }) => {
    story.simulated += event.sweeps;
  },
};

const tell = known as Readonly<
  Record<string, ((story: LogStory, leaf: never) => void) | undefined>
>;

function setIfNamed(story: LogStory, part: 'policy' | 'inventory', name: string | undefined): void {
  if (name !== undefined) story[part] = name;
}
