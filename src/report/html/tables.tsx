import type { Child } from 'hono/jsx';
import type { Severity } from '../../evaluate/policy.ts';

/** A section of the page that is one table, or several; its rows are streamed. */
export interface TableOptions<T> {
  readonly id: string;
  readonly title: string;
  /** Said instead where there is no row. */
  readonly none: string;
  readonly columns: readonly { readonly title: string; readonly class?: string }[];
  readonly rows: AsyncIterable<T> | readonly T[];
  readonly row: (row: T) => Child;
}

/** A section of one table, in pieces. */
export async function* table<T>(options: TableOptions<T>): AsyncIterable<string> {
  yield openSection(options);
  let any = false;
  for await (const row of options.rows) {
    if (!any) yield openTable(options, options.title);
    any = true;
    yield `${options.row(row)}\n`;
  }
  yield any ? closeTable : String(<p>{options.none}</p>);
  yield '</section>\n';
}

/** A section of a table a severity, whose rows come in that order, in pieces. */
export async function* groupedTables<T>(
  options: TableOptions<T> & { readonly groupOf: (row: T) => Severity },
): AsyncIterable<string> {
  yield openSection(options);
  let group: Severity | undefined;
  for await (const row of options.rows) {
    const next = options.groupOf(row);
    if (next !== group) {
      if (group !== undefined) yield closeTable;
      yield `${<h3 class={`sev ${next}`}>{next}</h3>}\n`;
      yield openTable(options, `${options.title}, ${next}`);
      group = next;
    }
    yield `${options.row(row)}\n`;
  }
  yield group === undefined ? String(<p>{options.none}</p>) : closeTable;
  yield '</section>\n';
}

function openSection({ id, title }: Pick<TableOptions<never>, 'id' | 'title'>): string {
  return `<section aria-labelledby="${id}">\n${<h2 id={id}>{title}</h2>}\n`;
}

/** What scrolls sideways on a small screen must be reached by keyboard. */
function openTable<T>({ columns }: TableOptions<T>, name: string): string {
  const head = (
    <thead>
      <tr>
        {columns.map((column) => (
          <th scope="col" class={column.class}>
            {column.title}
          </th>
        ))}
      </tr>
    </thead>
  );
  return `<div class="wide" role="region" aria-label="${name}" tabindex="0">\n<table class="rows">${head}\n<tbody>\n`;
}

const closeTable = '</tbody></table>\n</div>\n';
