import { wholeDays } from '../../keys/days.ts';
import { isInFuture } from '../clock-skew.ts';
import type { Subject } from '../rule.ts';

/** The values that an expression computes with. The CEL library gives ints as bigint. */
type FieldValue = string | bigint | boolean | readonly string[];

/** One field of `key`. `read` gives undefined if the field of `restsOn` cannot be read or used. */
export interface Field {
  readonly type: 'string' | 'int' | 'bool' | 'list<string>';
  readonly read: (subject: Subject) => FieldValue | undefined;
  readonly restsOn: (subject: Subject) => string;
}

function field(type: Field['type'], name: string, read: Field['read']): Field {
  return { type, read, restsOn: () => name };
}

/**
 * The fields of `key`. A text that the inventory leaves out is empty. Days are rounded down, as in
 * the facts of the rules. Scopes are trimmed and in lower case, as the rules compare them.
 */
export const fields = {
  id: field('string', 'id', ({ keyId }) => keyId),
  name: field('string', 'name', ({ name }) => name),
  type: field('string', 'type', ({ type }) => type),
  scopes: field('list<string>', 'scopes', ({ scopes }) =>
    scopes?.map(({ pattern }) => pattern.text),
  ),
  ageDays: field('int', 'createdOn', ({ createdOn, asOf }) =>
    createdOn === undefined ? undefined : daysBefore(asOf, createdOn),
  ),
  idleDays: { type: 'int', read: readIdleDays, restsOn: idleRestsOn },
  neverUsed: field('bool', 'lastUsed', ({ lastUsed }) =>
    lastUsed === undefined ? undefined : lastUsed === null,
  ),
  lastFour: field('string', 'lastFour', ({ lastFour }) => lastFour),
  owner: field('string', 'owner', ({ owner }) => owner ?? ''),
  environment: field('string', 'environment', ({ environment }) => environment ?? ''),
  tags: field('list<string>', 'tags', ({ tags }) => tags),
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof fields;

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(fields, name);
}

/** As in `stale`, a never-used key is idle since its creation. */
function readIdleDays(subject: Subject) {
  const { createdOn, lastUsed, asOf, usageLagMs } = subject;
  if (lastUsed === undefined || isUsedInFuture(subject)) return undefined;
  const since = lastUsed ?? createdOn;
  return since === undefined ? undefined : daysBefore(asOf, since + usageLagMs);
}

function idleRestsOn({ lastUsed }: Subject): string {
  return lastUsed === null ? 'createdOn' : 'lastUsed';
}

/** A last use in the future can be read, but nothing can be computed from it. */
export function isUsedInFuture({ lastUsed, observedAt }: Subject): boolean {
  return lastUsed != null && isInFuture(lastUsed, observedAt);
}

function daysBefore(asOf: number, instant: number): bigint {
  return BigInt(wholeDays(Math.max(0, asOf - instant)));
}
