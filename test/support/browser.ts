import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { findProgram } from './find-program.ts';

const program = process.env['CHROMIUM'] ?? findProgram('chromium');
const isRequired = process.env['KEYSWEEP_REQUIRE_SERVERS'] === '1';

/** A page, and what its console and its requests said; those of its other tabs too. */
export interface WatchedPage {
  readonly page: Page;
  readonly said: readonly string[];
  /** Every host that was asked, with its port. */
  readonly hosts: ReadonlySet<string>;
}

/** A new page of a browser without a past, of this size. */
export type OpenPage = (size?: { width: number; height: number }) => Promise<WatchedPage>;

/**
 * Runs a suite in Chromium. Without one on this machine it is skipped, and fails where the servers
 * are required.
 */
export function describeBrowser(claim: string, suite: (open: OpenPage) => void): void {
  describe.skipIf(program === undefined && !isRequired)(claim, { tags: ['all'] }, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      if (program === undefined) throw new Error('no chromium on this machine');
      // Chromium's sandbox refuses root; the pages are our own.
      const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      // Sites of strangers, all of which are on this machine.
      const args = [...sandbox, '--host-resolver-rules=MAP *.test 127.0.0.1'];
      browser = await chromium.launch({ executablePath: program, args });
    });
    afterAll(() => browser?.close());
    suite(async (size = { width: 1_280, height: 900 }) => {
      if (browser === undefined) throw new Error('the browser is not open yet');
      const context = await browser.newContext({ viewport: size, timezoneId: 'Europe/Berlin' });
      return { ...watch(context), page: await context.newPage() };
    });
  });
}

function watch(context: BrowserContext) {
  const said: string[] = [];
  const hosts = new Set<string>();
  context.on('console', (message) => said.push(message.text()));
  context.on('weberror', (error) => said.push(error.error().message));
  context.on('request', (request) => hosts.add(new URL(request.url()).host));
  context.on('requestfailed', (request) => {
    // Whoever leaves a page ends its requests: events, or an icon that was still on its way.
    const error = request.failure()?.errorText ?? 'failed';
    if (error !== 'net::ERR_ABORTED') said.push(`${request.url()} ${error}`);
  });
  return { said, hosts };
}
