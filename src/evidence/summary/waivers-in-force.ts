import { dueId } from '../../evaluate/policy/derived-ids.ts';
import type { LogEvent } from '../leaves/events.ts';
import type { PoliciesRead } from './read-policies.ts';
import type { FindingSummary } from './summary.ts';

type WaiverSet = Extract<LogEvent, { event: 'waiver-set' }>;
type Covered = Pick<FindingSummary, 'source' | 'keyId' | 'rule'>;

/** Answers whether a waiver may cover a finding. */
export type Covers = (finding: Covered) => boolean;

/** The waivers of the policy at a place in the log, and what they may cover. */
export class WaiversInForce {
  readonly #policies: Pick<PoliciesRead, 'waivedKeys'>;
  readonly #set = new Map<string, Covers>();

  constructor(policies: Pick<PoliciesRead, 'waivedKeys'>) {
    this.#policies = policies;
  }

  /**
   * Goes on to the next leaf. Where it says that the last day of a waiver is over, returns which
   * findings are left: the waiver may have covered them, and no other does. What a waiver covered that
   * was removed, the next sweep says.
   */
  follow(event: LogEvent): Covers | undefined {
    if (event.event === 'waiver-set') this.#set.set(event.hash, this.#readCovers(event));
    if (event.event !== 'waiver-ended') return undefined;
    const ended = this.#set.get(event.hash);
    this.#set.delete(event.hash);
    if (ended === undefined || event.because === 'removed') return undefined;
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
