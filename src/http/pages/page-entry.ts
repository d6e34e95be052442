import type { Config } from '../../config/config.ts';
import type { OperationName, Operations } from '../../operations/index.ts';
import type { Database } from '../../record/store/database.ts';
import type { KeptBacktests } from './backtest/keep-backtests.ts';
import type { Frame } from './layout/page.tsx';

/** What pages may read. */
export interface PageMeans {
  readonly database: Database;
  /** With the policy and the inventory that are in use now. */
  readonly config: Config;
}

/** What one page may read for one caller. */
export interface PageReads extends PageMeans {
  /** As this caller may use them. */
  readonly operations: Operations;
  readonly backtests: KeptBacktests;
}

/** What a browser asked for, and what is around the answer. */
export interface PageRequest {
  readonly frame: Frame;
  /** The parts of the path that have a name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** A page whose filter is wrong says so, and shows its form again. */
export interface PageAnswer {
  readonly html: string;
  readonly status: 200 | 400;
}

/** A page: its path, as Hono writes it, and how it is made. */
export interface PageEntry {
  readonly path: string;
  /** Who may call this operation may see the page. By default, whoever may read. */
  readonly what?: OperationName;
  /** Undefined if there is nothing of that name. */
  show(request: PageRequest, reads: PageReads): Promise<PageAnswer | undefined>;
}

export function asPage(html: string): PageAnswer {
  return { html, status: 200 };
}
