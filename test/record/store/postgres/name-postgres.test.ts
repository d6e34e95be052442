import { expect, test } from 'vitest';
import { namePostgres } from '../../../../src/record/store/postgres/name-postgres.ts';

test.each([
  ['postgres://ann:canary@db.example:5433/keysweep?sslmode=require', 'db.example:5433/keysweep'],
  ['postgresql://[::1]/keysweep', '[::1]:5432/keysweep'],
  ['postgres:///d?host=/run/postgresql', '/run/postgresql/.s.PGSQL.5432'],
  ['postgres://ann:canary@%2Frun%2Fpostgresql:5433/d', '/run/postgresql/.s.PGSQL.5433'],
  ['postgres://ann:canary@/d?host=/cloudsql/p:r:i', '/cloudsql/p:r:i/.s.PGSQL.5432'],
  ['postgres://ann:canary@/d', 'localhost:5432/d'],
])('names the server and the database, never the password: %s', (url, named) => {
  expect(namePostgres(url)).toBe(`PostgreSQL at ${named}`);
});

test('has a name for a URL that cannot be read', () => {
  expect(namePostgres('postgres')).toBe('PostgreSQL');
});
