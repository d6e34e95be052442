import type { Path } from './mistake.ts';

/** A fault of meaning, found in plain values; the document says where its path stands. */
export interface MeaningFault {
  readonly path: Path;
  readonly message: string;
}

interface Entry {
  readonly path: Path;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * What keysweep.yaml says against itself. Works on the plain values, whatever shape they have, so
 * that these faults are told together with those of the schema.
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
    ...unknownChannels(entries(alerts, ['alerts'], 'routes'), channels),
    ...sourcesWithoutHost(entries(raw, [], 'sources')),
    ...severalQueues(mapping(raw)['queue']),
  ];
}

/** Entries of the list under `key` whose `field` an earlier one has already. */
export function checkRepeated(raw: unknown, key: string, field: string): MeaningFault[] {
  return repeated(entries(raw, [], key), field);
}

/** The texts under `field` in the list under `key`, with their places; others are left out. */
export function textsOf(raw: unknown, key: string, field: string) {
  return entries(raw, [], key).flatMap(({ value }, place) => {
    const text = value[field];
    return typeof text === 'string' ? [{ text, place }] : [];
  });
}

function repeated(list: readonly Entry[], field: string): MeaningFault[] {
  const seen = new Set<unknown>();
  return list.flatMap(({ path, value }) => {
    const text = value[field];
    if (typeof text !== 'string') return [];
    if (seen.has(text)) return [{ path: [...path, field], message: `${text} is given twice` }];
    seen.add(text);
    return [];
  });
}

/** Routes will name the owner's own channels by this word. */
function reserved(channels: readonly Entry[]): MeaningFault[] {
  return channels
    .filter(({ value }) => value['id'] === 'owner')
    .map(({ path }) => ({ path: [...path, 'id'], message: 'owner is a reserved name' }));
}

function unknownChannels(routes: readonly Entry[], channels: readonly Entry[]): MeaningFault[] {
  const known = new Set(channels.map(({ value }) => value['id']));
  return routes.flatMap(({ path, value }) =>
    list(value['channels']).flatMap((name, place) => {
      if (typeof name !== 'string' || known.has(name)) return [];
      const message =
        name === 'owner' ? 'owner is not supported yet' : `there is no channel ${name}`;
      return [{ path: [...path, 'channels', place], message }];
    }),
  );
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

function entries(parent: unknown, path: Path, key: string): Entry[] {
  return list(mapping(parent)[key]).map((value, place) => ({
    path: [...path, key, place],
    value: mapping(value),
  }));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
