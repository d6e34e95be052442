import type { LogEvent } from '../leaves/events.ts';
import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { Period } from '../period.ts';
import { describeLeafPerson } from './describe-leaf-person.ts';
import type { ControlsOfRules } from './read-policies.ts';
import type { SignedApproval, WaiverSummary } from './summary.ts';

type Ended = WaiverSummary['ended'];

/** The waivers that were in force at some time of the period, in the order of their leaves. */
export function summariseWaivers(
  leaves: readonly NumberedLeaf[],
  { from, to }: Period,
  controls: ControlsOfRules,
): readonly WaiverSummary[] {
  const set = new Map<string, WaiverSummary>();
  const all: WaiverSummary[] = [];
  const update = (hash: string, change: (one: WaiverSummary) => WaiverSummary) => {
    const one = set.get(hash);
    if (one === undefined) return;
    const changed = change(one);
    set.set(hash, changed);
    all[all.indexOf(one)] = changed;
  };
  for (const { n, at, event } of leaves) {
    if (event.event === 'waiver-set') {
      const one = readWaiver(n, at, event, controls);
      set.set(event.hash, one);
      all.push(one);
    } else if (event.event === 'waiver-ended') {
      const ended: Ended = { at, leaf: n, because: event.because };
      update(event.hash, (one) => ({ ...one, ended }));
    } else if (event.event === 'waiver-approved') {
      const by = describeLeafPerson(event);
      const approval: SignedApproval = { leaf: n, at, approver: event.approver, by };
      update(event.hash, (one) => ({ ...one, approvals: [...one.approvals, approval] }));
    }
  }
  return all.filter((one) => {
    const end = one.ended !== undefined && one.ended.at < one.expires ? one.ended.at : one.expires;
    return one.from < to && end > from;
  });
}

function readWaiver(
  leaf: number,
  from: Date,
  event: Extract<LogEvent, { event: 'waiver-set' }>,
  controls: ControlsOfRules,
): WaiverSummary {
  const { waiver, rule, keys, requestedBy, approvedBy, reason, expires } = event;
  return {
    ...{ leaf, waiver, rule, keys, requestedBy, approvedBy, reason, from },
    ...{ controls: controls.get(rule) ?? [], approvals: [], ended: undefined },
    expires: new Date(expires),
  };
}
