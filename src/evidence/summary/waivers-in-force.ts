import { dueId } from '../../evaluate/policy/derived-ids.ts';
import type { LogEvent } from '../leaves/events.ts';
import type { PoliciesRead } from './read-policies.ts';
import type { FindingSummary } from './summary.ts';

type WaiverSet = Extract<LogEvent, { event: 'waiver-set' }>;
type Covered = Pick<FindingSummary, 'source' | 'keyId' | 'rule'>;

/** Answers whether a waiver may cover a finding. */
export type Covers = (finding: Covered) => boolean;

/** A waiver of the policy. `names`: of the keys that it names; undefined where that is not known. */
interface InForce {
  readonly rule: string;
  readonly names: readonly string[] | undefined;
}

/** How many waivers of one rule there are: for each key, and such as may cover any key. */
interface OfRule {
  any: number;
  readonly named: Map<string, number>;
}

/** The waivers of the policy at a place in the log, and what they may cover. */
export class WaiversInForce {
  readonly #policies: Pick<PoliciesRead, 'waivedKeys'>;
  readonly #set = new Map<string, InForce>();
  readonly #rules = new Map<string, OfRule>();

  constructor(policies: Pick<PoliciesRead, 'waivedKeys'>) {
    this.#policies = policies;
  }

  /**
   * Goes on to the next leaf. Where it says that the last day of a waiver is over, returns which
   * findings are left: the waiver may have covered them, and no other does. What a waiver covered that
   * was removed, the next sweep says.
   */
  follow(event: LogEvent): Covers | undefined {
    if (event.event === 'waiver-set') this.#add(event);
    if (event.event !== 'waiver-ended') return undefined;
    const ended = this.#remove(event.hash);
    if (ended === undefined || event.because === 'removed') return undefined;
    const { rule, names } = ended;
    const rules = [rule, dueId(rule)];
    const named = names && new Set(names);
    return (finding) => {
      if (!rules.includes(finding.rule)) return false;
      const name = nameOf(finding);
      return named?.has(name) !== false && !this.#covers(rule, name);
    };
  }

  #covers(rule: string, name: string): boolean {
    const of = this.#rules.get(rule);
    return of !== undefined && (of.any > 0 || (of.named.get(name) ?? 0) > 0);
  }

  #add({ hash, rule, keys }: WaiverSet): void {
    this.#remove(hash);
    // What a match covers is not known here.
    const named = keys === null ? undefined : this.#policies.waivedKeys.get(hash);
    const one: InForce = { rule, names: named && [...new Set(named.map(nameOf))] };
    this.#set.set(hash, one);
    this.#count(one, 1);
  }

  #remove(hash: string): InForce | undefined {
    const one = this.#set.get(hash);
    if (one === undefined) return undefined;
    this.#set.delete(hash);
    this.#count(one, -1);
    return one;
  }

  #count({ rule, names }: InForce, by: 1 | -1): void {
    const of = this.#rules.get(rule) ?? { any: 0, named: new Map<string, number>() };
    this.#rules.set(rule, of);
    if (names === undefined) of.any += by;
    for (const name of names ?? []) of.named.set(name, (of.named.get(name) ?? 0) + by);
  }
}

/** Cheaper than JSON: many waivers may end at once, over many findings. No id has a null character. */
function nameOf({ source, keyId }: Pick<Covered, 'source' | 'keyId'>): string {
  return `${source}\0${keyId}`;
}
