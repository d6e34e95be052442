import { expect, test } from 'vitest';
import { createPermitStock } from '../../../src/sources/limit/permit-stock.ts';

const spacing = { intervalMs: 10, lateMs: 5 };

test('gives each permit when it counts, and no earlier', () => {
  const stock = createPermitStock(spacing);
  stock.add({ given: 2, inMs: 20 }, 100);
  expect(stock.nextAt(100)).toBe(120);
  expect(stock.lastAt()).toBe(130);
  expect(stock.use(119)).toBe(false);
  expect(stock.use(120)).toBe(true);
  expect(stock.use(120)).toBe(false);
  expect(stock.use(130)).toBe(true);
  expect(stock.nextAt(130)).toBeUndefined();
});

test('drops those that nobody used in time, and only those', () => {
  const stock = createPermitStock(spacing);
  stock.add({ given: 3, inMs: 0 }, 0);
  stock.add({ given: 1, inMs: 0 }, 50);
  expect(stock.use(5)).toBe(true);
  expect(stock.use(15.1)).toBe(false);
  expect(stock.nextAt(16)).toBe(20);
  expect(stock.nextAt(26)).toBe(50);
  expect(stock.use(55)).toBe(true);
  expect(stock.nextAt(55)).toBeUndefined();
});

test('is empty when it is cleared, or was given none', () => {
  const stock = createPermitStock(spacing);
  stock.add({ given: 0, inMs: 70 }, 0);
  expect(stock.nextAt(0)).toBeUndefined();
  stock.add({ given: 5, inMs: 0 }, 0);
  stock.clear();
  expect(stock.use(0)).toBe(false);
  expect(stock.lastAt()).toBe(Number.NEGATIVE_INFINITY);
});
