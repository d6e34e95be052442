import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OperationName, registry } from '../../../src/operations/index.ts';
import { describeStores, hasPostgres } from '../../record/stores.ts';
import { findAdded, findLost, readRows } from '../hostile/rows.ts';
import { findTextPlaces } from '../hostile/text-places.ts';
import {
  asShown,
  databaseTexts,
  hostileTexts,
  mostInAddress,
  percentEncode,
} from '../hostile/texts.ts';
import { openDashboard } from '../pages/a-dashboard.ts';
import { crawl } from '../pages/crawl.ts';
import { findForeign } from '../pages/hostile.ts';
import { openFullStore } from './a-full-store.ts';
import { anApi } from './an-api.ts';

/**
 * Filters of lists have a test of their own. A sweep that closes ends the holding of another, so it
 * is stopped last.
 */
const names = (Object.keys(registry) as OperationName[])
  .filter((name) => !('items' in registry[name]))
  .sort((a, b) => Number(a === 'stopSweep') - Number(b === 'stopSweep'));

/** The tables in which an operation changes the one row that it is about. */
const changed: Partial<Record<OperationName, readonly string[]>> = {
  acknowledge: ['keysweep.finding'],
  closeReview: ['keysweep.review'],
  signOffReview: ['keysweep.review'],
  withdrawReviewLinks: ['keysweep.review_link'],
  decideReview: ['keysweep.review_key', 'keysweep.review_sheet'],
};

/** An input as it is sent to its operation. */
function toRequest(name: OperationName, input: object): { path: string; init: RequestInit } {
  const { method, path } = registry[name];
  const fields = new Map<string, unknown>(Object.entries(input));
  const written = path.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
    const text = String(fields.get(field));
    fields.delete(field);
    return percentEncode(text.slice(0, mostInAddress));
  });
  if (method === 'POST') {
    const headers = { 'content-type': 'application/json' };
    return {
      path: written,
      init: { method, headers, body: JSON.stringify(Object.fromEntries(fields)) },
    };
  }
  const query = [...fields].flatMap(([field, value]) =>
    [value].flat().map((one) => `${field}=${percentEncode(String(one).slice(0, mostInAddress))}`),
  );
  return { path: `${written}?${query.join('&')}`, init: { method } };
}

describeStores('hostile text in a field of an operation', (get, kind) => {
  // What comes before a store and after it is the same code, and was tried with PostgreSQL.
  const isSecond = kind === 'embedded' && hasPostgres();
  const texts = isSecond ? databaseTexts : hostileTexts;
  let store: Awaited<ReturnType<typeof openFullStore>>;
  let api: Awaited<ReturnType<typeof anApi>>;
  const accepted: { name: OperationName; field: string; text: string }[] = [];
  beforeAll(async () => {
    store = await openFullStore(get());
    api = await anApi(get(), store.config, 'operator', store.channels);
  });
  afterAll(() => api.close());

  const ask = async (name: OperationName, input: object) => {
    const { path, init } = toRequest(name, input);
    const answer = await api.ask(path, init);
    return { status: answer.status, text: await answer.text() };
  };

  const placesOf = (name: OperationName) =>
    findTextPlaces(registry[name].input, store.ordinary(name)).places;

  /** Puts a text in a place of an input that is made anew each time. Returns what is wrong. */
  const tryText = async (name: OperationName, at: number, text: string) => {
    const place = placesOf(name)[at];
    const { status, text: said } = await ask(name, place?.put(text) as object);
    if (status < 300) accepted.push({ name, field: place?.name ?? '', text });
    if (status < 300) return undefined;
    const isClear = status < 500 && /^.{1,1999}$/s.test(detailOf(said));
    return isClear ? undefined : `${status} ${said.slice(0, 300)}`;
  };

  /** What goes wrong when one field of an operation holds each of the hostile texts. */
  const tryField = async (name: OperationName, at: number) => {
    const before = await readRows(get());
    const known = accepted.length;
    const faults: string[] = [];
    for (const [kind, text] of Object.entries(texts)) {
      const fault = await tryText(name, at, text);
      if (fault !== undefined) faults.push(`${kind}: ${fault}`);
    }
    const after = await readRows(get());
    // What an accepted call tells the evidence log changes the one row that has its size.
    const lost = findLost(before, after).filter((table) => table !== 'keysweep.log_head');
    const { [name]: own = [] } = changed;
    const others = lost.filter((table) => !own.includes(table));
    const count = accepted.length - known;
    if (lost.length > count * Math.max(1, own.length))
      faults.push(`${count} accepted, but changes ${lost.join(', ')}`);
    const added = count > 0 ? [] : findAdded(before, after);
    const asked = added.filter((table) => table !== 'keysweep.audit_record');
    return [
      ...faults,
      ...others.map((table) => `changes ${table}`),
      ...asked.map((table) => `adds to ${table}`),
    ];
  };

  test.each(names)('%s refuses it with a reason, or keeps it and harms nothing', async (name) => {
    for (const [at, { name: field }] of placesOf(name).entries()) {
      expect([field, await tryField(name, at)]).toEqual([field, []]);
    }
    // What the texts stood in was in order but for them.
    const { status, text } = await ask(name, store.ordinary(name));
    expect([status, text]).toEqual([expect.toBeOneOf([200, 202]), text]);
  });

  if (isSecond) return;
  test('is shown as text where it was kept', async () => {
    const { ask: askPage } = await openDashboard(get(), {
      ...{ name: 'olga', role: 'operator', from: '127.0.0.1' },
    });
    const start = ['/', '/audit-log', '/findings?status=resolved'];
    const shown = await crawl(async (path) => {
      const answer = await askPage(path);
      expect([path, answer.status]).toEqual([path, expect.toBeOneOf([200, 400, 404])]);
      const html = await answer.text();
      expect([path, findForeign(html)]).toEqual([path, []]);
      return html;
    }, start);
    const textOf = (path: string) =>
      [...shown].flatMap(([at, html]) => (at.startsWith(path) ? [html] : [])).join('\n');
    const log = textOf('/audit-log');
    const kept = accepted.filter(({ name }) => registry[name].access !== 'read');
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.filter(({ text }) => !log.includes(asShown(text)))).toEqual([]);
    const reasons = kept.filter(({ field }) => field === 'reason');
    const findings = textOf('/findings');
    const missing = reasons.filter(
      ({ name, text }) => name === 'acknowledge' && !findings.includes(asShown(text)),
    );
    expect(missing).toEqual([]);
  });
});

/** What a problem says; empty if it is none. */
function detailOf(text: string): string {
  try {
    return String((JSON.parse(text) as { detail?: unknown }).detail ?? '');
  } catch {
    return '';
  }
}
