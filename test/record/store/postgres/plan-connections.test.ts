import { describe, expect, test } from 'vitest';
import {
  type ConnectionUse,
  countFreeConnections,
  wrongConnections,
} from '../../../../src/record/store/postgres/plan-connections.ts';
import {
  fewestConnections,
  shareConnections,
} from '../../../../src/record/store/postgres/share-connections.ts';

const use: ConnectionUse = {
  role_limit: -1,
  role_used: 5,
  database_limit: -1,
  database_used: 7,
  server_limit: 97,
  server_used: 20,
};

const wrong = (wanted: number, fewest: number, free: number, processes = 1) =>
  wrongConnections({ wanted, fewest, free, processes });

test('the tightest limit decides, and what this process has open is its own', () => {
  expect(countFreeConnections(use, 0)).toBe(77);
  expect(countFreeConnections({ ...use, role_limit: 6 }, 2)).toBe(3);
  expect(countFreeConnections({ ...use, database_limit: 8 }, 0)).toBe(1);
});

describe('a process that may open 22 connections and needs 6', () => {
  test('works with 22 free ones, and is told a smaller number with 21', () => {
    expect(wrong(22, 6, 22)).toBeUndefined();
    expect(wrong(22, 6, 21)).toMatch(/set store\.connections to 21 or less/);
  });

  test('cannot work with 5 free ones', () => {
    expect(wrong(22, 6, 6)).toMatch(/set store\.connections to 6 or less/);
    expect(wrong(22, 6, 5)).toMatch(/needs at least 6: raise the limit/);
  });
});

test('several processes need as many connections together', () => {
  expect(wrong(22, 6, 66, 3)).toBeUndefined();
  expect(wrong(22, 6, 65, 3)).toMatch(
    /65 connections for the 3 processes .* may open 22: set store\.connections to 21 or less, .*processes/,
  );
  expect(wrong(22, 6, 17, 3)).toMatch(
    /needs at least 6: raise .*, or set worker\.processes to less/,
  );
});

test('fewer connections than a process needs are refused whatever is free', () => {
  expect(wrong(5, 6, 100)).toMatch(/at least 6 .* store\.connections is 5/);
});

test.each([undefined, 6, 7, 10, 22, 40])(
  '%s connections are shared out and never exceeded',
  (total) => {
    const { records, queue } = shareConnections(total, true);
    expect(records + queue).toBe(total ?? 22);
    expect(queue).toBeGreaterThanOrEqual(5);
    expect(records).toBeGreaterThanOrEqual(1);
    expect(shareConnections(total, false).records).toBe(total ?? 10);
    expect(fewestConnections(true)).toBe(6);
  },
);
