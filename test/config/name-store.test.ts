import { expect, test } from 'vitest';
import { nameStore } from '../../src/config/name-store.ts';

const server = { kind: 'postgres' } as const;

test.each([
  ['postgres://ann:canary@db.example:5433/keysweep?sslmode=require', 'db.example:5433/keysweep'],
  ['postgresql://[::1]/keysweep', '[::1]/keysweep'],
])('names the server and the database, never the password: %s', (url, named) => {
  expect(nameStore(server, url)).toBe(`PostgreSQL at ${named}`);
});

test('has a name for every store', () => {
  expect(nameStore({ kind: 'embedded', folder: '/srv/.keysweep' }, undefined)).toBe(
    '/srv/.keysweep',
  );
  expect(nameStore(server, 'postgres:///d?host=/run')).toBe('PostgreSQL');
});
