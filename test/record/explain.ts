import type { Database } from '../../src/record/store/database.ts';

/** The plans that a database has for the questions of `work`, which no other test may ask meanwhile. */
export async function explainAll(
  { db }: Database,
  work: () => Promise<unknown>,
): Promise<readonly string[]> {
  const plans: string[] = [];
  const executor = db.getExecutor();
  const ask = executor.executeQuery.bind(executor);
  const explain: typeof executor.executeQuery = async (query) => {
    const { rows } = await ask<Record<string, string>>({ ...query, sql: `explain ${query.sql}` });
    plans.push(rows.flatMap((row) => Object.values(row)).join('\n'));
    return ask(query);
  };
  Object.defineProperty(executor, 'executeQuery', { value: explain, configurable: true });
  await work().finally(() => Reflect.deleteProperty(executor, 'executeQuery'));
  return plans;
}
