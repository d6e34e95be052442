import type { Child } from 'hono/jsx';
import { Wide } from './wide.tsx';

/** The head of a column; numbers stand at its right. */
type Column = string | { readonly number: string };

interface TableProps {
  /** What the rows are and in which order they stand, for screen readers. */
  readonly name: string;
  /** Where the rows are more than the name says. */
  readonly caption?: string;
  /** `list`: a row becomes a block where the page is narrow. */
  readonly class?: 'list';
  /** The head of a column before the others, if they are not all. */
  readonly before?: Child;
  readonly columns: readonly Column[];
  /** The rows. */
  readonly children?: Child;
}

/** A table with a name, which scrolls sideways where the page is narrow. */
export function Table({ name, caption = name, columns, before, children, ...look }: TableProps) {
  return (
    <Wide name={name}>
      <table {...look}>
        <caption class="aloud">{caption}</caption>
        <thead>
          <tr>
            {before}
            {columns.map((column) => (
              <Head column={column} />
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Wide>
  );
}

function Head({ column }: { column: Column }) {
  if (typeof column === 'string') return <th scope="col">{column}</th>;
  return (
    <th scope="col" class="n">
      {column.number}
    </th>
  );
}
