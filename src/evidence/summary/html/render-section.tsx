import type { Child } from 'hono/jsx';
import { scrollsSideways, type TableColumn, TableHead } from '../../../report/html/tables.tsx';

/** A section with one table. */
export interface TableSection<T> {
  readonly id: string;
  readonly title: string;
  /** The text shown if there are no rows. */
  readonly none: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly T[];
  readonly row: (row: T) => Child;
  /** What stands below the table. */
  readonly below?: Child;
}

export function renderSection<T>(section: TableSection<T>) {
  const { id, title, none, columns, rows, row, below } = section;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {rows.length === 0 ? (
        <p>{none}</p>
      ) : (
        <div class="wide" {...scrollsSideways(title)}>
          <table class="rows">
            <TableHead columns={columns} />
            <tbody>{rows.map(row)}</tbody>
          </table>
        </div>
      )}
      {below}
    </section>
  );
}
