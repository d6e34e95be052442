import { expect, test } from 'vitest';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { registry } from '../../../src/operations/index.ts';
import { readKeyHistory } from '../../../src/record/reads/history/read-key-history.ts';
import {
  readKeyHistoryJson,
  renderKeyHistory,
} from '../../../src/report/key-history/key-history-json.ts';
import { describeStores } from '../../record/stores.ts';
import { aSource, aTrackedKey, inputs, sweep } from '../../record/world.ts';
import { anApi } from './an-api.ts';

describeStores('a key over HTTP', (get) => {
  test('has its facts and its history, whatever its id is made of', async () => {
    const source = `${aSource()}/ä`;
    const keyId = 'a/b?c=%2e#x "<b>';
    const key = aTrackedKey(keyId, { source });
    await sweep(get(), inputs([key]), { [keyId]: { breaks: ['stale'] } });
    const { sweepId } = await sweep(get(), inputs([key]));
    const never = aTrackedKey('never', { source });
    const api = await anApi(get(), { inventory: keepKeys([key, never]) });
    try {
      const ask = (id: string, query = '') =>
        api.ask(`keys/${encodeURIComponent(source)}/${encodeURIComponent(id)}${query}`);
      const whole = await (await ask(keyId)).json();
      expect(whole).toMatchObject({
        key: { source, keyId, verdict: 'pass', owner: 'ann' },
        findings: [{ rule: 'stale', status: 'resolved' }],
        items: [{ verdict: 'pass', sweep: { id: sweepId } }, { verdict: 'fail' }],
        next: null,
      });
      const first = (await (await ask(keyId, '?limit=1')).json()) as { next: string };
      const rest = await (await ask(keyId, `?limit=1&cursor=${first.next}`)).json();
      expect(rest).toMatchObject({ items: [{ verdict: 'fail' }], next: null });
      expect(await (await ask('never')).json()).toMatchObject({
        key: { keyId: 'never', verdict: null, trackedAt: null },
        ...{ findings: [], items: [], next: null },
      });
      expect((await ask('nobody')).status).toBe(404);
      expect((await ask(keyId, '?limit=0')).status).toBe(400);
    } finally {
      await api.close();
    }
  });

  test('is the same again when its JSON is read', async () => {
    const source = aSource();
    const key = aTrackedKey('k', { source });
    for (const day of ['01', '02']) {
      const lastUsed = new Date(`2026-11-${day}T00:00:00Z`);
      await sweep(get(), inputs([key]), { k: { breaks: ['stale'], details: { lastUsed } } });
    }
    const history = await readKeyHistory(get(), { source, keyId: 'k' }, { limit: 9 });
    if (history === undefined) throw new Error('there is no such key');
    let text = '';
    for await (const piece of renderKeyHistory(history)) text += piece;
    const read = readKeyHistoryJson(JSON.parse(text), registry.findings.items.read);
    expect(read).toEqual(history);
  });
});
