import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { describePostgres, describeStores, openPostgresStore } from '../stores.ts';
import { check } from './check.ts';
import { createWriters } from './writers.ts';

/** A store that makes a write after each statement of whoever reads it, before the next one. */
function writtenMeanwhile(database: Database, write: () => Promise<void>): Database {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      await write();
      return result;
    },
  };
  return {
    ...database,
    db: database.db.withPlugin(plugin),
    view: (work) => database.view((view) => work(view.withPlugin(plugin))),
  };
}

/** What is found while one write after another comes, from the one of this number on. */
async function compareMeanwhile(database: Database, from: number) {
  const writes = await createWriters(database);
  let n = from;
  const store = writtenMeanwhile(database, async () => {
    n += 1;
    await writes[n % writes.length]?.();
  });
  const { differences } = await check(store);
  return { lines: differences.map(renderDifference), statements: n - from, of: writes.length };
}

describeStores('comparing the records with the log over and over', (get) => {
  const test20 = { tags: ['long'], timeout: 600_000 };
  test('finds nothing while all that may be written is, twenty times each', test20, async () => {
    const writes = await createWriters(get());
    let isWriting = true;
    const write = async () => {
      for (let n = 0; n < 20 * writes.length; n += 1) await writes[n % writes.length]?.();
    };
    const writing = write().finally(() => {
      isWriting = false;
    });
    const lines: string[] = [];
    let leaves = 0;
    let comparisons = 0;
    while (isWriting) {
      const checked = await check(get());
      lines.push(...checked.differences.map(renderDifference));
      leaves = checked.leaves;
      comparisons += 1;
    }
    await writing;
    expect(lines).toEqual([]);
    expect(leaves).toBeGreaterThan(100);
    expect(comparisons).toBeGreaterThan(3);
  });
});

describePostgres('comparing the records with the log while they are written', (get) => {
  const first = { tags: ['all'] };
  test('finds nothing where a write comes between any two statements', first, async () => {
    const { lines, statements, of } = await compareMeanwhile(get(), 0);
    expect(lines).toEqual([]);
    expect(statements).toBeGreaterThan(3 * of);
  });

  const each = { tags: ['long'], timeout: 600_000 };
  test('finds nothing whichever write comes between which two', each, async () => {
    for (let from = 1, of = Infinity; from < of; from += 1) {
      const { database, close } = await openPostgresStore();
      try {
        const found = await compareMeanwhile(database, from);
        expect([from, found.lines]).toEqual([from, []]);
        of = found.of;
      } finally {
        await close();
      }
    }
  });
});
