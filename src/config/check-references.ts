import { ownerTypes } from '../alert/channels/index.ts';
import { ownerChannel } from '../alert/route.ts';
import { id } from '../evaluate/policy/id.ts';
import {
  type Entry,
  entries,
  list,
  type MeaningFault,
  mapping,
  repeated,
} from '../evaluate/policy/plain-values.ts';
import { checkHttpSection } from './http/check-http-section.ts';
import { checkReviews } from './reviews/check-reviews.ts';

/**
 * Contradictions inside keysweep.yaml. Accepts plain values of any shape, so that these faults are
 * reported together with those of the schema.
 */
export function checkReferences(raw: unknown): MeaningFault[] {
  const alerts = mapping(raw)['alerts'];
  const channels = entries(alerts, ['alerts'], 'channels');
  return [
    ...repeated(entries(raw, [], 'sources'), 'id'),
    ...repeated(entries(raw, [], 'schedules'), 'id'),
    ...repeated(entries(raw, [], 'inventory'), 'file'),
    ...repeated(channels, 'id'),
    ...reserved(channels),
    ...unknownChannels(entries(alerts, ['alerts'], 'routes'), channels, [ownerChannel]),
    ...ownersFaults(mapping(raw)['owners'], channels),
    ...unknownSchedules(mapping(raw)['heartbeat'], entries(raw, [], 'schedules')),
    ...sourcesWithoutHost(entries(raw, [], 'sources')),
    ...severalQueues(mapping(raw)['queue']),
    ...checkHttpSection(raw),
    ...checkReviews(raw),
  ];
}

/** The texts under `field` in the list under `key`, with their places; skips other values. */
export function textsOf(raw: unknown, key: string, field: string) {
  return entries(raw, [], key).flatMap(({ value }, place) => {
    const text = value[field];
    return typeof text === 'string' ? [{ text, place }] : [];
  });
}

const dropped = '__proto__';

/** In routes, this word means the channels of the key's owner. */
function reserved(channels: readonly Entry[]): MeaningFault[] {
  return channels
    .filter(({ value }) => value['id'] === ownerChannel)
    .map(({ path }) => ({ path: [...path, 'id'], message: `${ownerChannel} is a reserved name` }));
}

function unknownChannels(
  naming: readonly Entry[],
  channels: readonly Entry[],
  also: readonly string[] = [],
): MeaningFault[] {
  const known = new Set([...channels.map(({ value }) => value['id']), ...also]);
  return naming.flatMap(({ path, value }) =>
    list(value['channels']).flatMap((name, place) => {
      // The schema reports values that cannot be ids: one may be a URL, which must not be shown.
      if (!id.safeParse(name).success || known.has(name)) return [];
      return [{ path: [...path, 'channels', place], message: `there is no channel ${name}` }];
    }),
  );
}

const needsWriter = `needs a channel of type ${ownerTypes.join(' or ')} to be sent by`;

function ownersFaults(owners: unknown, channels: readonly Entry[]): MeaningFault[] {
  const named = Object.entries(byName(owners)).map(([name, value]) => ({
    path: ['owners', name],
    value: mapping(value),
  }));
  const mails = channels.some(({ value }) => ownerTypes.includes(String(value['type'])));
  return [
    ...unknownChannels(named, channels),
    ...named.flatMap(({ path, value }) => {
      if (path[1] === dropped) return [{ path, message: 'is a reserved name' }];
      if (value['email'] === undefined && value['channels'] === undefined) {
        return [{ path, message: 'needs channels or an email' }];
      }
      if (value['email'] === undefined || mails) return [];
      return [{ path: [...path, 'email'], message: needsWriter }];
    }),
  ];
}

function unknownSchedules(heartbeat: unknown, schedules: readonly Entry[]): MeaningFault[] {
  const known = new Set(schedules.map(({ value }) => value['id']));
  return Object.keys(byName(heartbeat))
    .filter((name) => !known.has(name) && isIdOrDropped(name))
    .map((name) => ({ path: ['heartbeat', name], message: `there is no schedule ${name}` }));
}

/** A mapping whose keys are names that users chose. A list counts as empty. */
function byName(value: unknown): Readonly<Record<string, unknown>> {
  return Array.isArray(value) ? {} : mapping(value);
}

/** The schema reports names that are no ids, except `__proto__`, which it drops from a record. */
function isIdOrDropped(name: string): boolean {
  return name === dropped || id.safeParse(name).success;
}

function sourcesWithoutHost(sources: readonly Entry[]): MeaningFault[] {
  return sources
    .filter(({ value }) => value['environment'] === undefined && value['baseUrl'] === undefined)
    .map(({ path }) => ({ path, message: 'needs an environment or a baseUrl' }));
}

function severalQueues(queue: unknown): MeaningFault[] {
  const given = ['url', 'sentinel', 'cluster'].filter((key) => mapping(queue)[key] !== undefined);
  return given.slice(1).map((key) => ({
    path: ['queue', key],
    message: `${given[0]} is given already; a queue has one of url, sentinel and cluster`,
  }));
}
