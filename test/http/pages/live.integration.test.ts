import { expect, test, vi } from 'vitest';
import type { Caller } from '../../../src/operations/caller.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { describeStores } from '../../record/stores.ts';
import { eventually } from '../../support/eventually.ts';
import { openDashboard } from './a-dashboard.ts';

const operator: Caller = { name: 'olga', role: 'operator', from: '127.0.0.1' };

describeStores('a part of a page that is kept up to date', (get) => {
  test('is followed by nobody who asks for its headers alone', async () => {
    const { ask } = await openDashboard(get(), operator);
    const init = { method: 'POST', redirect: 'manual' } as const;
    const path = `${(await ask('/actions/sweep', init)).headers.get('location')}/live`;
    const heads = Array.from({ length: 200 }, () => ask(path, { method: 'HEAD' }));
    for (const { status } of await Promise.all(heads)) expect(status).toBe(200);
    await eventually('there is room again', async () => {
      const { status, body } = await ask(path);
      await body?.cancel();
      return status === 200;
    });
  });

  test('ends where the store fails, and only the log has a word of it', async () => {
    const printed = vi.spyOn(console, 'error');
    const broken = Object.create(get(), {
      db: {
        get() {
          throw new Error('canary of the database');
        },
      },
    }) as Database;
    const { ask, lines } = await openDashboard(broken, operator);
    const path = '/sweeps/00000000-0000-0000-0000-000000000000/live';
    expect(await (await ask(path)).text()).toBe('');
    expect(printed).not.toHaveBeenCalled();
    expect(lines.join('')).toContain('an answer was cut off');
    expect(lines.join('')).not.toContain('canary');
  });
});
