import type { Page } from 'playwright-core';

const bytes = `['navigation', 'resource']
  .flatMap((type) => performance.getEntriesByType(type))
  .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)`;

/** How many bytes the page and its files have, uncompressed. */
export function weighPage(page: Page): Promise<number> {
  return page.evaluate<number>(bytes);
}
