import type { RecordDifference } from '../../evidence/differences/difference.ts';
import type { LogEvent } from '../../evidence/leaves/events.ts';
import type { Leaf, Subjects } from '../../evidence/leaves/leaf.ts';

type EventOf<Name extends LogEvent['event']> = Extract<LogEvent, { event: Name }>;

/** A leaf of one event, with its number. */
export interface ToldLeaf<Name extends LogEvent['event']> {
  readonly n: number;
  readonly event: EventOf<Name>;
  readonly subjects: Subjects;
}

/** What the leaves say, as far as the records can be compared with it. */
export interface LogStory {
  /** The number of leaves that were read. */
  size: number;
  /** When the first leaf was written; undefined without one. */
  createdAt?: Date;
  readonly sweeps: Map<string, ToldLeaf<'sweep-closed'>>;
  /** The sweeps that were pruned. */
  readonly pruned: Set<string>;
  /** The first leaf that names each policy, by the hash of its text. */
  readonly policies: Map<string, number>;
  /** The first leaf that names each object of a review, by its hash. */
  readonly reviews: Map<string, number>;
  readonly acknowledged: ToldLeaf<'acknowledged'>[];
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
  /** Findings with a waiver that no leaf names, unless one was written meanwhile. */
  readonly unknownWaivers: { readonly hash: string; readonly difference: RecordDifference }[];
}

export function createLogStory(): LogStory {
  return {
    ...{ size: 0, simulated: 0, acknowledged: [], unknownWaivers: [] },
    ...{ sweeps: new Map(), pruned: new Set(), policies: new Map(), reviews: new Map() },
    ...{ waivers: new Map(), activeWaivers: new Set(), endedWaivers: new Set() },
  };
}

/** Adds what a leaf says. */
export function addLeaf(story: LogStory, n: number, { event, subjects }: Leaf): void {
  story.createdAt ??= new Date(event.at);
  if (subjects.policy !== undefined && !story.policies.has(subjects.policy)) {
    story.policies.set(subjects.policy, n);
  }
  if (subjects.review !== undefined && !story.reviews.has(subjects.review)) {
    story.reviews.set(subjects.review, n);
  }
  tell[event.event]?.(story, { n, event, subjects } as never);
}

type Tell = {
  readonly [Name in LogEvent['event']]?: (story: LogStory, leaf: ToldLeaf<Name>) => void;
};

const known: Tell = {
  'sweep-closed': (story, leaf) => story.sweeps.set(leaf.event.sweep, leaf),
  'evidence-pruned': (story, { event }) => {
    for (const { sweep } of event.sweeps) story.pruned.add(sweep);
  },
  acknowledged: (story, leaf) => story.acknowledged.push(leaf),
  'waiver-set': (story, leaf) => {
    story.waivers.set(leaf.event.hash, leaf);
    story.activeWaivers.add(leaf.event.hash);
  },
  'waiver-ended': (story, { event }) => {
    story.activeWaivers.delete(event.hash);
    story.endedWaivers.add(event.waiver);
  },
  'policy-set': (story, { subjects }) => setIfNamed(story, 'policy', subjects.policy),
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
