import { overviewPage } from './overview/overview.ts';
import type { PageEntry } from './page-entry.ts';

/** Every page. */
export const pages: readonly PageEntry[] = [overviewPage];
