import { createHash } from 'node:crypto';
import type { KeyDetails, Observation } from '../../keys/observation.ts';

/** What `observation.content` holds: everything said of a key but when it was last used. */
export interface ObservationContent {
  readonly missing?: true;
  readonly name?: string;
  readonly type?: string;
  readonly scopes?: readonly string[];
  readonly createdOn?: string;
  readonly lastFour?: string;
  readonly lastUsed?: 'unreadable';
}

/** Content as it is stored, with the hash it is stored under once. */
export interface StoredContent {
  readonly hash: string;
  readonly json: string;
}

/** Undefined for an observation that learned nothing. */
export function toContent(observation: Observation): StoredContent | undefined {
  if (observation.kind === 'unknown') return undefined;
  const content: ObservationContent =
    observation.kind === 'missing' ? { missing: true } : detailsContent(observation.details);
  const json = JSON.stringify(content);
  return { json, hash: createHash('sha256').update(json).digest('hex') };
}

/** The details that were stored; `lastUsed` stands in the row of the sweep. */
export function toDetails(content: ObservationContent, lastUsed: Date | null): KeyDetails {
  return {
    name: content.name,
    type: content.type,
    scopes: content.scopes,
    createdOn: content.createdOn === undefined ? undefined : new Date(content.createdOn),
    lastUsed: content.lastUsed === 'unreadable' ? undefined : lastUsed,
    lastFour: content.lastFour,
  };
}

function detailsContent(details: KeyDetails): ObservationContent {
  return {
    ...(details.name === undefined ? {} : { name: details.name }),
    ...(details.type === undefined ? {} : { type: details.type }),
    ...(details.scopes === undefined ? {} : { scopes: details.scopes }),
    ...(isReadable(details.createdOn) ? { createdOn: details.createdOn.toISOString() } : {}),
    ...(details.lastFour === undefined ? {} : { lastFour: details.lastFour }),
    ...(details.lastUsed === null || isReadable(details.lastUsed)
      ? {}
      : { lastUsed: 'unreadable' }),
  };
}

/** An invalid Date is as unreadable as none. */
function isReadable(date: Date | undefined): date is Date {
  return date !== undefined && !Number.isNaN(date.getTime());
}
