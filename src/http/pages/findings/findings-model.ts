import type { findingOrders } from '../../../operations/findings/findings.ts';
import type { ReportFinding } from '../../../report/model.ts';
import type { FilterChoices } from '../lists/filter-choices.ts';
import type { List } from '../lists/read-list.ts';

export type FindingSort = (typeof findingOrders)[number];

/** All that the page of findings shows. */
export interface FindingsModel extends List<ReportFinding> {
  readonly sort: FindingSort;
  readonly choices: FilterChoices;
}
