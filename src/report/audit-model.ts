import type { Known } from './people/named-person.ts';

/** How a change ended that somebody asked for. Asked: not known (yet). */
export const auditOutcomes = ['asked', 'done', 'refused', 'failed', 'denied'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** A change that somebody asked for, as lists show it. */
export interface AuditRecord {
  readonly id: string;
  readonly at: Date;
  /** The name of the credential; null for somebody who is not known. */
  readonly who: string | null;
  readonly role: string | null;
  /** The name that the request gave itself; nobody has checked it. */
  readonly asserted: string | null;
  /** How `who` was known; null where an earlier build kept it, and for counts. */
  readonly known: Known | null;
  /** What the provider said of `who`. */
  readonly subject: string | null;
  readonly mail: string | null;
  /** The name of the operation. */
  readonly what: string;
  readonly input: object;
  /** An address, `socket`, `queue` or `local`. */
  readonly origin: string;
  readonly outcome: AuditOutcome;
  readonly reason: string | null;
  /** When the outcome was known; of a count, the last time. */
  readonly endedAt: Date | null;
  /** The request that it left to be carried out. */
  readonly request: string | null;
  /** More than 1 only for denials, which are counted by the hour. */
  readonly times: number;
}
