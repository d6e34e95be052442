import type { findingOrders } from '../../../operations/findings/findings.ts';
import type { ReportFinding } from '../../../report/model.ts';
import type { FilterChoices } from '../forms/filter-choices.ts';
import type { ActiveFilter } from '../forms/filter-state.ts';

export type FindingSort = (typeof findingOrders)[number];

/** All that the page of findings shows. */
export interface FindingsModel {
  readonly now: Date;
  readonly query: URLSearchParams;
  readonly sort: FindingSort;
  readonly active: readonly ActiveFilter[];
  readonly choices: FilterChoices;
  readonly findings: readonly ReportFinding[];
  readonly first: string | undefined;
  readonly next: string | undefined;
  /** Why nothing is listed: what the filter names does not exist, or cannot be read. */
  readonly wrong: string | undefined;
}
