import { expect, test } from 'vitest';
import { severities } from '../../../src/evaluate/policy/severity.ts';
import { describeStores } from '../../record/stores.ts';
import { all, run } from '../../record/world.ts';
import { openDashboard } from './a-dashboard.ts';
import { shippedConfig, writePast } from './a-past.ts';

const until = new Date('2026-11-29T07:30:00Z');
const asBrowser = { headers: { accept: 'text/html' } };

interface Counted {
  readonly rule: string;
  readonly open: number;
  readonly waived: number;
}

describeStores('the page of the policy', (get) => {
  test('lists the rules, the gravest first, each with its page and its findings', async () => {
    const config = await shippedConfig();
    await writePast(get(), { config, until, nights: 3 });
    await run(
      get(),
      `update keysweep.finding set state = 'waived'
       where id in (select id from keysweep.finding where state = 'open' order by id limit 2)`,
    );
    const kept = await all<Counted>(
      get(),
      `select rule, sum((state = 'open')::integer)::integer as open,
         sum((state = 'waived')::integer)::integer as waived
       from keysweep.finding group by rule`,
    );
    const { ask } = await openDashboard(get());
    const html = await (await ask('/policy', asBrowser)).text();
    const rows = [
      ...html.matchAll(/<th scope="row"><a href="(\/policy\/rules\/([^"]+))">.*?<\/tr>/gs),
    ];
    const shown = rows.map(([row, , rule = '']) => {
      const count = (name: string) =>
        Number(new RegExp(`data-label="${name}">(?:<a [^>]*>)?(\\d+)<`).exec(row)?.[1]);
      return { rule, open: count('Open findings'), waived: count('Waived') };
    });
    const { rules } = config.policy.policy;
    const expected = rules.map(({ id }) => {
      return kept.find(({ rule }) => rule === id) ?? { rule: id, open: 0, waived: 0 };
    });
    expect(new Set(shown)).toEqual(new Set(expected));
    expect(shown.some(({ open }) => open > 1)).toBe(true);
    expect(shown.some(({ waived }) => waived > 0)).toBe(true);
    expect(shown.some(({ open }) => open === 0)).toBe(true);
    const ranks = shown.map(({ rule }) =>
      severities.indexOf(rules.find(({ id }) => id === rule)?.severity ?? 'info'),
    );
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    for (const [, path = ''] of rows) expect((await ask(path, asBrowser)).status).toBe(200);
  });
});
