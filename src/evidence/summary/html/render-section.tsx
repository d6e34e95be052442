import type { Child } from 'hono/jsx';
import { scrollsSideways } from '../../report/html/tables.tsx';

/** A section with one table. */
export interface TableSection<T> {
  readonly id: string;
  readonly title: string;
  /** The text shown if there are no rows. */
  readonly none: string;
  readonly columns: readonly { readonly title: string; readonly class?: string }[];
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
            <thead>
              <tr>
                {columns.map((column) => (
                  <th scope="col" class={column.class}>
                    {column.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{rows.map(row)}</tbody>
          </table>
        </div>
      )}
      {below}
    </section>
  );
}
