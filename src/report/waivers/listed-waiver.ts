import { jsonText } from '../json-text.ts';
import type { NamedPerson } from '../people/named-person.ts';

/** That somebody approved a waiver, in the place of which of its `approvedBy`. */
export interface ListedApproval extends NamedPerson {
  readonly approver: string;
  /** RFC 3339. */
  readonly at: string;
}

/** A waiver of the policy in use, with its approvals. */
export interface ListedWaiver {
  readonly id: string;
  readonly rule: string;
  /** Of all that it says; see `hashApproval`. */
  readonly hash: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: readonly string[];
  /** The last day on which it holds, UTC. */
  readonly lastDay: string;
  /** Whether the next sweep takes it into account. */
  readonly counts: boolean;
  /** Those of `approvedBy` who have to sign in and approve it before it counts. */
  readonly waitsFor: readonly string[];
  readonly approvals: readonly ListedApproval[];
}

/** A waiver of the policy that would cover a finding, and whom it waits for. */
export interface WaitsFor {
  readonly waiver: string;
  readonly approvers: readonly string[];
}

/** Renders waivers as one JSON object (“keysweep.waivers/1”). */
export async function* renderWaiversJson(waivers: readonly ListedWaiver[]): AsyncIterable<string> {
  yield `${jsonText({ schema: 'keysweep.waivers/1', waivers }, 2)}\n`;
}
