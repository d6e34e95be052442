import { hash } from 'node:crypto';
import {
  type DetailsJson,
  detailFields,
  type KeyDetails,
  readDetailsJson,
  toDetailsJson,
} from '../../keys/detail-fields.ts';
import type { Observation } from '../../keys/observation.ts';

/** What `observation.content` holds: all that the vendor said about a key except its last use. */
export interface ObservationContent extends Omit<DetailsJson, 'lastUsed'> {
  readonly missing?: true;
  readonly lastUsed?: 'unreadable';
}

/** Content, with the hash under which it is stored once. */
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
  return { json, hash: hash('sha256', json) };
}

/**
 * The text whose hash is that of a content. The database keeps the members in another order than
 * the documented one, so it is made anew.
 */
export function contentText(content: ObservationContent): string {
  const known = new Map<string, unknown>(Object.entries(content));
  const ordered: [string, unknown][] = [];
  for (const name of ['missing', ...detailFields.map((field) => field.name)]) {
    // An unreadable last use stands at the end.
    if (name !== 'lastUsed' && known.has(name)) ordered.push([name, known.get(name)]);
    if (name !== 'lastUsed') known.delete(name);
  }
  return JSON.stringify(Object.fromEntries([...ordered, ...known]));
}

/** The details that were stored; `lastUsed` stands in the row of the sweep. */
export function toDetails(content: ObservationContent, lastUsed: Date | null): KeyDetails {
  const { lastUsed: used, ...stored } = content;
  return {
    ...readDetailsJson(stored),
    lastUsed: used === 'unreadable' ? undefined : lastUsed,
  };
}

/** The hash depends on the order of members. */
function detailsContent(details: KeyDetails): ObservationContent {
  const { lastUsed, ...content } = toDetailsJson(details);
  return lastUsed === undefined ? { ...content, lastUsed: 'unreadable' } : content;
}
