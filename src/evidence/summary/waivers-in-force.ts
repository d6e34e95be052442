import { dueId } from '../../evaluate/policy/derived-ids.ts';
import type { LogEvent } from '../leaves/events.ts';
import type { PoliciesRead } from './read-policies.ts';
import type { FindingSummary } from './summary.ts';

type WaiverSet = Extract<LogEvent, { event: 'waiver-set' }>;
type Covered = Pick<FindingSummary, 'source' | 'keyId' | 'rule'>;

/** Answers whether a waiver may cover a finding. */
type Covers = (finding: Covered) => boolean;

/** The waivers of the policy at a place in the log, and what they may cover. */
export class WaiversInForce {
  readonly #policies: Pick<PoliciesRead, 'waivedKeys'>;
  readonly #set = new Map<string, Covers>();

  constructor(policies: Pick<PoliciesRead, 'waivedKeys'>) {
    this.#policies = policies;
  }

  add(event: WaiverSet): void {
    this.#set.set(event.hash, this.#readCovers(event));
  }

  /** Removes a waiver. Returns which findings nothing covers any more that it may have covered. */
  end(hash: string): Covers {
    const ended = this.#set.get(hash);
    this.#set.delete(hash);
    if (ended === undefined) return () => false;
    return (finding) => ended(finding) && ![...this.#set.values()].some((one) => one(finding));
  }

  /** A waiver covers the warnings of its rule too. What its match covers is not known here. */
  #readCovers({ waiver, rule, keys }: WaiverSet): Covers {
    const rules = [rule, dueId(rule)];
    const named = keys === null ? undefined : this.#policies.waivedKeys.get(waiver);
    if (named === undefined) return (finding) => rules.includes(finding.rule);
    const names = new Set(named.map(({ source, keyId }) => JSON.stringify([source, keyId])));
    return ({ source, keyId, rule: of }) =>
      rules.includes(of) && names.has(JSON.stringify([source, keyId]));
  }
}
