import { expect, test } from 'vitest';
import { namePostgres } from '../../../../src/record/store/postgres/name-postgres.ts';

test.each([
  ['postgres://ann:canary@db.example:5433/keysweep?sslmode=require', 'db.example:5433/keysweep'],
  ['postgresql://[::1]/keysweep', '[::1]:5432/keysweep'],
  ['postgres:///d?host=/run/postgresql', '/run/postgresql'],
  ['postgres://ann:canary@%2Frun%2Fpostgresql/d', '/run/postgresql'],
])('names the server and the database, never the password: %s', (url, named) => {
  expect(namePostgres(url)).toBe(`PostgreSQL at ${named}`);
});

test('has a name for a URL that cannot be read', () => {
  expect(namePostgres('postgres')).toBe('PostgreSQL');
});
