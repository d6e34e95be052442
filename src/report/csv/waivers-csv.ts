import { describeApprovals } from '../waivers/describe-approvals.ts';
import type { ListedWaiver } from '../waivers/listed-waiver.ts';
import { listCell } from './cells.ts';
import { type Columns, writeRows } from './write-rows.ts';

const columns: Columns<ListedWaiver> = {
  id: ({ id }) => id,
  rule: ({ rule }) => rule,
  counts: ({ counts }) => (counts ? 'yes' : 'no'),
  last_day: ({ lastDay }) => lastDay,
  requested_by: ({ requestedBy }) => requestedBy,
  approved_by: ({ approvedBy }) => listCell(approvedBy),
  waits_for: ({ waitsFor }) => listCell(waitsFor),
  approval: (waiver) => describeApprovals(waiver),
  reason: ({ reason }) => reason,
  hash: ({ hash }) => hash,
};

async function* each(waivers: readonly ListedWaiver[]): AsyncIterable<ListedWaiver> {
  yield* waivers;
}

/** Renders waivers as CSV, one row each, in the given order. */
export function renderWaiversCsv(waivers: readonly ListedWaiver[]): AsyncIterable<string> {
  return writeRows(columns, each(waivers));
}
