import { hash } from 'node:crypto';
import { dueId } from '../policy/derived-ids.ts';
import { type CompiledMatch, compileMatch } from '../policy/match.ts';
import type { Policy } from '../policy/policy.ts';
import type { Waiver } from './waiver.ts';

/** A waiver prepared for many keys. `match` is null when the waiver lists its keys. */
export interface CompiledWaiver {
  readonly id: string;
  /** Identity of what was approved; see `hashWaiver`. */
  readonly hash: string;
  /** The first instant, in milliseconds since the epoch, at which it no longer holds. */
  readonly expires: number;
  readonly match: CompiledMatch;
}

/** The waivers of a policy, indexed by rule and, when they list their keys, by key. */
export interface CompiledWaivers {
  readonly any: boolean;
  /** The waivers that may cover this key for this rule; the one that ends last comes first. */
  find(rule: string, source: string, keyId: string): readonly CompiledWaiver[];
  hashes(): ReadonlyMap<string, CompiledWaiver>;
}

/**
 * The identity of an approval, 64 hex digits. Another reason, approver or day makes another
 * approval. The list of keys is left out, so that adding a key changes nothing for the others. The
 * order of lists does not count.
 */
export function hashWaiver({ keys: _keys, ...approval }: Waiver): string {
  const { id, rule, match, reason, requestedBy, approvedBy, expires } = approval;
  const parts = Object.entries(match ?? {}).map(([part, texts]) => [part, inOrder(texts)] as const);
  const said = [id, rule, parts.sort(byName), reason, requestedBy, inOrder(approvedBy), expires];
  return hash('sha256', JSON.stringify(said));
}

function inOrder(texts: readonly string[] | undefined): readonly string[] | null {
  return texts === undefined ? null : [...new Set(texts)].sort();
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

const none: readonly CompiledWaiver[] = [];

/** The waivers of one rule, those that end last first. */
interface OfRule {
  readonly broad: CompiledWaiver[];
  /** By source, then by the vendor's id of the key. */
  readonly named: Map<string, Map<string, CompiledWaiver[]>>;
}

/** A waiver of a rule covers the warnings of that rule too. */
export function compileWaivers({
  rules,
  waivers,
}: Pick<Policy, 'rules' | 'waivers'>): CompiledWaivers {
  const warnings = new Set(rules.filter((rule) => 'due' in rule).map(({ id }) => id));
  const hashes = new Map<string, CompiledWaiver>();
  const byRule = new Map<string, OfRule>();
  for (const waiver of waivers) {
    const compiled = compileWaiver(waiver);
    hashes.set(compiled.hash, compiled);
    const due = dueId(waiver.rule);
    const covered = warnings.has(due) ? [waiver.rule, due] : [waiver.rule];
    for (const rule of covered) add(byRule, rule, waiver, compiled);
  }
  for (const ofRule of byRule.values()) sort(ofRule);
  return {
    any: waivers.length > 0,
    find(rule, source, keyId) {
      const ofRule = byRule.get(rule);
      if (ofRule === undefined) return none;
      const { broad } = ofRule;
      const named = ofRule.named.get(source)?.get(keyId) ?? none;
      if (named.length === 0) return broad;
      return broad.length === 0 ? named : [...named, ...broad].sort(byLife);
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

/** A waiver without keys or match covers nothing. */
function add(
  byRule: Map<string, OfRule>,
  rule: string,
  { keys }: Waiver,
  compiled: CompiledWaiver,
): void {
  const ofRule = entry(byRule, rule, () => ({ broad: [], named: new Map() }));
  if (keys === undefined) {
    if (compiled.match !== null) ofRule.broad.push(compiled);
    return;
  }
  for (const { source, keyId } of keys) {
    const ofSource = entry(ofRule.named, source, () => new Map<string, CompiledWaiver[]>());
    const list = entry(ofSource, keyId, () => []);
    if (!list.includes(compiled)) list.push(compiled);
  }
}

/** What the map has by this name; made when it has nothing. */
function entry<Value>(map: Map<string, Value>, name: string, make: () => Value): Value {
  const found = map.get(name) ?? make();
  map.set(name, found);
  return found;
}

function sort({ broad, named }: OfRule): void {
  broad.sort(byLife);
  for (const ofSource of named.values()) for (const list of ofSource.values()) list.sort(byLife);
}

function byLife(a: CompiledWaiver, b: CompiledWaiver): number {
  return b.expires - a.expires || (a.id < b.id ? -1 : 1);
}
