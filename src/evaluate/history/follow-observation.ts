import type { KeyDetails } from '../../keys/detail-fields.ts';
import { readInstant } from '../read-instant.ts';
import type { Observed } from './key-outcome.ts';
import { type KeyMemory, later } from './key-state.ts';

/** The memory of a key after an observation that is newer than all before it. */
export function followObservation(memory: KeyMemory, observed: Observed): KeyMemory {
  const { observation, judgement, asOf, stored } = observed;
  const said = observation.kind === 'present' ? observation.details : undefined;
  const lastUsed = readUse(said);
  const { content, entry } = stored;
  return {
    trackedAt: memory.trackedAt,
    knownAt: judgement.known ? later(memory.knownAt, asOf) : memory.knownAt,
    newest: { at: observation.at, content, entry, lastUsed: lastUsed ?? null },
    lastUsed: lastUsed === undefined ? memory.lastUsed : lastUsed,
    lastUsedAt: lastUsed === undefined ? memory.lastUsedAt : observation.at,
    createdOn: readable(said?.createdOn) ?? memory.createdOn,
    type: said?.type ?? memory.type,
    lastFour: said?.lastFour ?? memory.lastFour,
    name: nameOf(said?.name) ?? memory.name,
    firstScopes: memory.firstScopes ?? said?.scopes,
  };
}

/** Undefined where the last use could not be read. */
function readUse(said: KeyDetails | undefined): Date | null | undefined {
  return said?.lastUsed === null ? null : readable(said?.lastUsed);
}

function readable(date: Date | undefined): Date | undefined {
  return readInstant(date) === undefined ? undefined : date;
}

const longestName = 500;

/** Only alerts show the name, and they cut it anyway. */
function nameOf(name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  return name.slice(0, longestName).replace(/[\ud800-\udbff]$/, '');
}
