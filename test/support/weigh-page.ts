import type { Page } from 'playwright-core';

/** How many bytes the page and its files have, uncompressed. */
export function weighPage(page: Page): Promise<number> {
  return page.evaluate(() => {
    const loaded = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type));
    return (loaded as PerformanceResourceTiming[]).reduce(
      (sum, { decodedBodySize }) => sum + decodedBodySize,
      0,
    );
  });
}
