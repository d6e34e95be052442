import { createHash } from 'node:crypto';
import { dueId } from './check-policy.ts';
import { type CompiledMatch, compileMatch } from './match.ts';
import type { Waiver } from './waiver.ts';

/** A waiver ready for many keys. `match` is null where it names its keys. */
export interface CompiledWaiver {
  readonly id: string;
  /** Identity of what was approved; see `hashWaiver`. */
  readonly hash: string;
  /** Milliseconds since the epoch: the first instant at which it does not hold any more. */
  readonly expires: number;
  readonly match: CompiledMatch;
}

/** The waivers of a policy, found by rule and, where they name their keys, by key. */
export interface CompiledWaivers {
  readonly any: boolean;
  /** What may cover this rule for this key, the longest-lived first. */
  find(rule: string, source: string, keyId: string): readonly CompiledWaiver[];
  hashes(): ReadonlyMap<string, CompiledWaiver>;
}

/**
 * The identity of an approval, 64 hex digits. Another reason, approver or day is another approval;
 * the list of keys is left out, so that a key added to it changes nothing for the others.
 */
export function hashWaiver({ keys: _keys, ...approval }: Waiver): string {
  const { id, rule, match, reason, requestedBy, approvedBy, expires } = approval;
  const said = [id, rule, match ?? null, reason, requestedBy, approvedBy, expires];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

const none: readonly CompiledWaiver[] = [];

export function compileWaivers(waivers: readonly Waiver[]): CompiledWaivers {
  const broad = new Map<string, CompiledWaiver[]>();
  const named = new Map<string, CompiledWaiver[]>();
  const hashes = new Map<string, CompiledWaiver>();
  for (const waiver of waivers) {
    const compiled = compileWaiver(waiver);
    hashes.set(compiled.hash, compiled);
    for (const rule of [waiver.rule, dueId(waiver.rule)]) {
      if (waiver.keys === undefined) add(broad, rule, compiled);
      for (const { source, keyId } of waiver.keys ?? []) {
        add(named, nameOf(rule, source, keyId), compiled);
      }
    }
  }
  for (const list of [...broad.values(), ...named.values()]) list.sort(byLife);
  return {
    any: waivers.length > 0,
    find(rule, source, keyId) {
      const one = named.get(nameOf(rule, source, keyId)) ?? none;
      const other = broad.get(rule) ?? none;
      if (other.length === 0) return one;
      return one.length === 0 ? other : [...one, ...other].sort(byLife);
    },
    hashes: () => hashes,
  };
}

function compileWaiver(waiver: Waiver): CompiledWaiver {
  return {
    id: waiver.id,
    hash: hashWaiver(waiver),
    expires: waiver.expires.getTime(),
    match: waiver.keys === undefined ? compileMatch(waiver.match) : null,
  };
}

function add(lists: Map<string, CompiledWaiver[]>, name: string, waiver: CompiledWaiver): void {
  const others = lists.get(name);
  if (others === undefined) lists.set(name, [waiver]);
  else others.push(waiver);
}

function byLife(a: CompiledWaiver, b: CompiledWaiver): number {
  return b.expires - a.expires || (a.id < b.id ? -1 : 1);
}

function nameOf(rule: string, source: string, keyId: string): string {
  return JSON.stringify([rule, source, keyId]);
}
