import type { Child } from 'hono/jsx';
import { scrollsSideways, type TableColumn, TableHead } from '../../../report/html/tables.tsx';

import { stableText } from '../stable-text.ts';
import { Text } from './shown-parts.tsx';

/** A section with one table. */
export interface TableSection<T> {
  readonly id: string;
  readonly title: string;
  /** What the title is of: untrusted text, shown behind it. */
  readonly of?: string | undefined;
  /** The text shown if there are no rows. */
  readonly none: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly T[];
  readonly row: (row: T) => Child;
  /** What stands below the table. */
  readonly below?: Child;
}

export function renderSection<T>(section: TableSection<T>) {
  const { id, title, of, none, columns, rows, row, below } = section;
  const name = of === undefined ? title : `${title} ${stableText(of)}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title} {of === undefined ? null : <Text text={of} />}
      </h2>
      {rows.length === 0 ? (
        <p>{none}</p>
      ) : (
        <div class="wide" {...scrollsSideways(`Table: ${name}`)}>
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
