import { type RawBuilder, sql } from 'kysely';
import { expect, test } from 'vitest';
import { unknownReasons } from '../../../src/keys/observation.ts';
import {
  reasonCode,
  reasonOf,
  verdictCode,
  verdictInSql,
  verdictOf,
  verdictWordInSql,
} from '../../../src/record/store/codes.ts';
import { wasAlerted } from '../../../src/record/store/was-alerted.ts';
import { describeStores } from '../stores.ts';

const verdicts = ['pass', 'fail', 'waived', 'unknown'] as const;

describeStores('codes that statements share', (get) => {
  async function read<T>(value: RawBuilder<T>, from = sql`(values (1)) one`): Promise<T[]> {
    const found = await sql<{ value: T }>`select ${value} as value from ${from}`.execute(get().db);
    return found.rows.map((row) => row.value);
  }

  test('give the same verdict in SQL and in TypeScript', async () => {
    for (const verdict of verdicts) {
      expect(await read(verdictInSql(verdict))).toEqual([verdictCode(verdict)]);
      expect(verdictOf(verdictCode(verdict))).toBe(verdict);
    }
    const codes = sql`(values (1), (2), (3), (4), (null)) kept (code)`;
    expect(await read(verdictWordInSql(sql`code`), codes)).toEqual([...verdicts, null]);
  });

  test('keep the number of each reason, which older rows contain', () => {
    const kept = [
      ...['unreachable', 'timeout', 'rate-limited', 'unauthorized', 'forbidden', 'vendor-error'],
      ...['invalid-response', 'id-mismatch', 'missing', 'field-unreadable', 'evaluation-error'],
    ];
    expect(kept.map((_, code) => reasonOf(code))).toEqual(kept);
    expect(unknownReasons.map(reasonCode)).toEqual(unknownReasons.map((_, code) => code));
    expect(reasonOf(null)).toBeUndefined();
  });

  test('tell which sweeps were alerted', async () => {
    const held = sql`(values (null), ('held'), ('released'), ('confirmed'), ('withdrawn')) s (held)`;
    expect(await read(wasAlerted('s'), held)).toEqual([true, false, true, true, false]);
  });
});
