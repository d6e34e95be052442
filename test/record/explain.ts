import type { Database } from '../../src/record/store/database.ts';

/** The plan of a cursor is that of its declaration. */
const ofCursor = /^(move|fetch|close) /;

/**
 * The plans that a database has for the questions of `work`, which no other test may ask meanwhile.
 * `how`: `explain`, or `explain analyze` to run each question once more.
 */
export async function explainAll(
  { db }: Pick<Database, 'db'>,
  work: () => Promise<unknown>,
  how = 'explain',
): Promise<readonly string[]> {
  const plans: string[] = [];
  const executor = db.getExecutor();
  const ask = executor.executeQuery.bind(executor);
  const explain: typeof executor.executeQuery = async (query) => {
    if (ofCursor.test(query.sql)) return ask(query);
    const { rows } = await ask<Record<string, string>>({ ...query, sql: `${how} ${query.sql}` });
    plans.push(rows.flatMap((row) => Object.values(row)).join('\n'));
    return ask(query);
  };
  Object.defineProperty(executor, 'executeQuery', { value: explain, configurable: true });
  await work().finally(() => Reflect.deleteProperty(executor, 'executeQuery'));
  return plans;
}
