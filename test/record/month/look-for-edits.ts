import type { Database } from '../../../src/record/store/database.ts';
import type { Column, ColumnEdit, EvidenceTable } from './columns.ts';
import { type FoundColumn, otherValue, type ToldOfEdit, tellEdit } from './edit-column.ts';

interface NamedTable {
  readonly name: string;
  readonly table: EvidenceTable;
}

/** The edits of columns of a table that are not told with their place. */
export async function listUntold(
  database: Database,
  { name, table, found }: NamedTable & { readonly found: readonly FoundColumn[] },
): Promise<readonly string[]> {
  const { columns, row, told, inPack = false } = table;
  const untold: string[] = [];
  for (const [column, edits] of Object.entries(columns)) {
    const one = found.find((it) => it.table === name && it.column === column);
    if (one === undefined) return [`there is no ${name}.${column}`];
    for (const edit of editsOf(edits)) {
      const whole = { set: otherValue(one), row, told, inPack, ...edit };
      untold.push(...(await lookFor(database, one, whole)));
    }
  }
  return untold;
}

/** What is not told of a row that is removed. */
export async function listKept(
  database: Database,
  { name, table: { row, told, removed = told } }: NamedTable,
): Promise<readonly string[]> {
  if (typeof removed !== 'string') return [];
  const statement = `delete from keysweep.${name} t where ${row}`;
  return judge(await tellEdit(database, statement, false), { told: removed, inPack: false });
}

function editsOf(column: Column): readonly ColumnEdit[] {
  if (typeof column === 'string') return [];
  return 'map' in column ? column : [column];
}

/** What is not told of an edit that has to be. */
async function lookFor(
  database: Database,
  { table, column }: FoundColumn,
  { row, set, told, inPack }: Required<ColumnEdit>,
): Promise<readonly string[]> {
  const statement = `update keysweep.${table} t set ${column} = ${set}
    where ${row} and (${set}) is distinct from t.${column}`;
  const edited = await tellEdit(database, statement, inPack).catch((error: Error) => error);
  const wrong = edited instanceof Error ? [edited.message] : judge(edited, { told, inPack });
  return wrong.map((what) => `${table}.${column} = ${set}: ${what}`);
}

function judge(
  { rows, lines, verdict }: ToldOfEdit,
  { told, inPack }: Required<Pick<ColumnEdit, 'told' | 'inPack'>>,
): readonly string[] {
  if (rows === 0) return ['it edits nothing'];
  const isTold = told === null || lines.some((line) => line.includes(told));
  const found = JSON.stringify(lines.slice(0, 3));
  return [
    ...(isTold ? [] : [`the check does not say “${told}” but ${found}`]),
    ...(!inPack || verdict === 'tampered' ? [] : [`the pack is said to be ${verdict}`]),
  ];
}
