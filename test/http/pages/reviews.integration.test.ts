import { beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../../src/operations/caller.ts';
import { closeReview } from '../../../src/record/reviews/end-review.ts';
import { aPerson, aReview, readOne, start } from '../../record/reviews/a-review.ts';
import { describeStores } from '../../record/stores.ts';
import { aSource, aTrackedKey, inputs, sweep } from '../../record/world.ts';
import { openDashboard } from './a-dashboard.ts';

const asBrowser = { headers: { accept: 'text/html' } };
const owners = 130;
const nameOf = (n: number) => `owner-${String(n).padStart(3, '0')}`;

describeStores('the page of a review of many owners', (get) => {
  let path = '';
  beforeAll(async () => {
    const source = aSource();
    const keys = Array.from({ length: owners }, (_, n) =>
      aTrackedKey(`key_${n}`, { source, owner: nameOf(n) }),
    );
    await sweep(get(), inputs(keys));
    const row = await start(get(), aReview({ of: { source: [source] } }));
    path = `/reviews/${(await readOne(get(), row)).id}`;
  });
  const rowsOf = (html: string) =>
    [...html.matchAll(/<tr><th scope="row"><a href="\/reviews\/[^"]*">.*?(owner-\d+)/g)].map(
      ([, owner]) => owner,
    );
  const as = async (caller: Partial<Caller>) => {
    const from = { role: 'viewer', from: '::1', proof: { known: 'token' } } as const;
    const { ask } = await openDashboard(get(), { name: 'eve', ...from, ...caller });
    return async (at: string) => (await ask(at.replaceAll('&amp;', '&'), asBrowser)).text();
  };

  test('shows a hundred at a time, and leads to the others', async () => {
    const ask = await as({});
    const first = await ask(path);
    expect(rowsOf(first)).toEqual(Array.from({ length: 100 }, (_, n) => nameOf(n)));
    const next = /<a href="([^"]+)" rel="next">/.exec(first)?.[1] ?? '';
    const second = await ask(next);
    expect(rowsOf(second)).toEqual(Array.from({ length: 30 }, (_, n) => nameOf(n + 100)));
    expect(second).toContain(`<a href="${path}">First page</a>`);
    expect(second).toContain('End of the list');
    expect(rowsOf(await ask(`${path}?after=x`))).toHaveLength(100);
  });

  test('leads whoever is asked to the own keys, though they stand on another page', async () => {
    const asked = 'You are asked about';
    expect(await (await as({}))(path)).not.toContain(asked);
    expect(await (await as({ role: 'operator' }))(path)).not.toContain(asked);
    const page = await (await as({ name: nameOf(120) }))(path);
    expect(page).toContain(`${asked} <a href="${path}/120"><bdi>${nameOf(120)}</bdi></a>.`);
  });
});

describeStores('the pages of the keys of one owner', (get) => {
  test('ask for answers only while the review is open', async () => {
    const source = aSource();
    await sweep(get(), inputs([aTrackedKey('key_1', { source, owner: 'ann' })]));
    const row = await start(get(), aReview({ of: { source: [source] } }));
    const path = `/reviews/${(await readOne(get(), row)).id}`;
    const { ask } = await openDashboard(get(), { name: 'eve', role: 'viewer', from: '::1' });
    const read = async (at: string) => (await ask(at, asBrowser)).text();
    expect(await read(`${path}/0`)).toContain('1 key waits for an answer: <bdi>ann');
    expect(await read(`${path}/0`)).toContain('Answers are due until');
    expect(await read(path)).toContain('Answers are due until');
    await closeReview(get(), row, { person: aPerson('boss'), reason: 'over' });
    expect(await read(`${path}/0`)).toContain('1 key without an answer: <bdi>ann');
    expect(await read(`${path}/0`)).not.toContain('due until');
    expect(await read(path)).not.toContain('due until');
  });

  test('lead back to the same keys after an answer', async () => {
    const source = aSource();
    const keys = Array.from({ length: 30 }, (_, n) =>
      aTrackedKey(`key_${n + 10}`, { source, owner: 'ann' }),
    );
    await sweep(get(), inputs(keys));
    const row = await start(get(), aReview({ of: { source: [source] } }));
    const path = `/reviews/${(await readOne(get(), row)).id}/0`;
    const caller = { name: 'ann', role: 'viewer', from: '::1', proof: { known: 'token' } } as const;
    const { ask } = await openDashboard(get(), caller);
    const first = await (await ask(path, asBrowser)).text();
    expect(first.match(/class="panel review-key"/g)).toHaveLength(25);
    expect(first).not.toContain('name="cursor"');
    const next = /<a href="([^"]+)" rel="next">/.exec(first)?.[1] ?? '';
    const second = await (await ask(next, asBrowser)).text();
    expect(second.match(/class="panel review-key"/g)).toHaveLength(5);
    const field = (html: string, name: string) =>
      new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
    const send = (html: string, more: Readonly<Record<string, string>>) => {
      const place = field(html, 'place');
      const named = ['review', 'sheet', 'cursor'].map((name) => [name, field(html, name)]);
      const answer = { place, [`decision-${place}`]: 'keep', [`reason-${place}`]: 'in use' };
      const body = new URLSearchParams({ ...Object.fromEntries(named), ...answer, ...more });
      const headers = { accept: 'text/html' };
      return ask('/actions/review/decide', { method: 'POST', redirect: 'manual', headers, body });
    };
    const confirm = await (await send(second, {})).text();
    expect(confirm).toContain('Confirm 1 answer?');
    expect(confirm).toContain(`href="${next}"`);
    const kept = await send(confirm, { sure: 'yes' });
    expect([kept.status, kept.headers.get('location')]).toEqual([303, `${next}&kept=1`]);
    expect(await (await ask(`${next}&kept=1`, asBrowser)).text()).toContain(
      '1 answer was recorded',
    );
  });
});
