import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStoreBackend } from '../../../src/queue/backend.ts';
import { openEmbeddedStore } from '../../record/stores.ts';
import { describeBrowser } from '../../support/browser.ts';
import { openDashboard } from '../pages/a-dashboard.ts';
import { openBoard } from './a-queue-board.ts';

let opened: Awaited<ReturnType<typeof openEmbeddedStore>>;
beforeAll(async () => {
  opened = await openEmbeddedStore();
});
afterAll(() => opened.close());

describeBrowser('the board of the queue in a browser', (openPage) => {
  test('runs under its content policy, and asks no other host', async () => {
    const { board, requests } = openBoard(openStoreBackend(opened.database));
    await requests.add('audit-keys', { reason: '<img src=x onerror=alert(1)>' }, { jobId: 'j' });
    const operator = { name: 'olga', role: 'operator' as const, from: '127.0.0.1' };
    const { origin } = await openDashboard(opened.database, operator, { queueBoard: board });
    const { page, said } = await openPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${origin}/queue-board`);
    await page.getByText('keysweep-requests').first().waitFor();
    await page.goto(`${origin}/queue-board/queue/keysweep-requests`);
    await page.getByText('audit-keys').first().waitFor();
    await page.goto(`${origin}/queue-board/queue/keysweep-requests/j`);
    await page.getByText('onerror=alert(1)').first().waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(asked.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
    expect(said).toEqual([]);
  });
});
