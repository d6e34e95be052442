/** @module-tag all */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import { check } from '../checks/check.ts';
import {
  type EvidenceColumns,
  findingTables,
  keyTables,
  logTables,
  otherTables,
  type Places,
  reviewTables,
  sweepTables,
} from './columns.ts';
import { type FoundColumn, freeNumbers, readColumns, tellEdit } from './edit-column.ts';
import { findPlaces, noPlaces } from './find-places.ts';
import { holdMonth, type Month } from './hold-month.ts';
import { listKept, listUntold } from './look-for-edits.ts';
import { canHoldMonth } from './month-server.ts';

const tablesOf = (places: Places): EvidenceColumns => ({
  ...{ ...logTables(places), ...sweepTables(places), ...keyTables(places) },
  ...{ ...findingTables(places), ...reviewTables(places), ...otherTables },
});

const evidenceTables = Object.entries(tablesOf(noPlaces)).flatMap(([name, table]) =>
  typeof table === 'string' ? [] : name,
);

describe.skipIf(!canHoldMonth())('an edit of a month that is over', () => {
  let month: Month;
  let tables: EvidenceColumns;
  let found: readonly FoundColumn[];

  beforeAll(async () => {
    month = await holdMonth();
    await freeNumbers(month.database);
    tables = tablesOf(await findPlaces(month.database));
    found = await readColumns(month.database);
  });
  afterAll(() => month?.close());

  test('is none where nothing was edited', async () => {
    const { differences, sweeps } = await check(month.database);
    expect(differences.map(renderDifference)).toEqual([]);
    expect(sweeps).toBe(31);
    const nothing = await tellEdit(month.database, 'select', true);
    expect(nothing).toMatchObject({ lines: [], verdict: 'holds' });
  });

  test('is looked for in each column, or a reason says why not', () => {
    const nameOf = (table: string, column: string) => `${table}.${column}`;
    const listed = Object.entries(tables).flatMap(([name, table]) =>
      typeof table === 'string'
        ? found.filter((one) => one.table === name).map((one) => nameOf(name, one.column))
        : Object.keys(table.columns).map((column) => nameOf(name, column)),
    );
    const there = found.map(({ table, column }) => nameOf(table, column));
    expect(listed.sort()).toEqual(there.sort());
  });

  test.each(evidenceTables)('is told with its place in each column of %s', async (name) => {
    const table = tables[name];
    if (typeof table !== 'object') throw new Error('it is no evidence');
    expect(await listUntold(month.database, { name, table, found })).toEqual([]);
  });

  test.each(evidenceTables)('is told where a row of %s is removed', async (name) => {
    const table = tables[name];
    if (typeof table !== 'object') throw new Error('it is no evidence');
    expect(await listKept(month.database, { name, table })).toEqual([]);
  });
});
