import type { Config } from '../../config/config.ts';
import type { Database } from '../../record/store/database.ts';
import type { Frame } from './layout/page.tsx';

/** What a page may read. */
export interface PageMeans {
  readonly database: Database;
  /** With the policy and the inventory that are in use now. */
  readonly config: Config;
}

/** What a browser asked for, and what is around the answer. */
export interface PageRequest {
  readonly frame: Frame;
  /** The parts of the path that have a name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** A page: its path, as Hono writes it, and how it is made. */
export interface PageEntry {
  readonly path: string;
  /** Undefined if there is nothing of that name. */
  show(request: PageRequest, means: PageMeans): Promise<string | undefined>;
}
