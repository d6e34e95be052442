import type { Child } from 'hono/jsx';
import type { Severity } from '../../evaluate/policy/policy.ts';

export interface TableColumn {
  readonly title: string;
  readonly class?: string;
}

/** A section with one or more tables; its rows are streamed. */
export interface SectionTable<T> {
  readonly id: string;
  readonly title: string;
  /** The text shown if the section is empty. */
  readonly none: string;
  readonly columns: readonly TableColumn[];
  readonly rows: AsyncIterable<T> | readonly T[];
  readonly row: (row: T) => Child;
}

/** Renders a section with one table, in pieces. */
export async function* table<T>(options: SectionTable<T>): AsyncIterable<string> {
  yield* section(options, () => undefined);
}

/** Renders a section with one table per severity, in pieces. The rows must come in that order. */
export async function* groupedTables<T>(
  options: SectionTable<T> & { readonly groupOf: (row: T) => Severity },
): AsyncIterable<string> {
  yield* section(options, options.groupOf);
}

type GroupOf<T> = (row: T) => Severity | undefined;

async function* section<T>(options: SectionTable<T>, groupOf: GroupOf<T>): AsyncIterable<string> {
  yield openSection(options);
  let close = String(<p>{options.none}</p>);
  for await (const { row, group, at } of placeRows(options.rows, groupOf)) {
    const begins = at % mostRows === 0;
    if (begins && close === closeTable) yield close;
    if (at === 0 && group !== undefined) yield openGroup(group);
    if (begins) yield openTable(options, group, at);
    close = closeTable;
    yield `${options.row(row)}\n`;
  }
  yield `${close}</section>\n`;
}

/** Browsers lay out a long table slowly, but skip a short one that is off screen. */
const mostRows = 250;

/** Yields each row with its group and its position in that group, from 0. */
async function* placeRows<T>(rows: SectionTable<T>['rows'], groupOf: GroupOf<T>) {
  let last: Severity | undefined;
  let at = 0;
  for await (const row of rows) {
    const group = groupOf(row);
    at = group === last ? at : 0;
    last = group;
    yield { row, group, at };
    at += 1;
  }
}

function openGroup(severity: Severity): string {
  return `${<h3 class={`sev ${severity}`}>{severity}</h3>}\n`;
}

function openSection({ id, title }: Pick<SectionTable<never>, 'id' | 'title'>): string {
  return `<section aria-labelledby="${id}">\n${<h2 id={id}>{title}</h2>}\n`;
}

function openTable<T>(
  { title, columns }: SectionTable<T>,
  group: Severity | undefined,
  at: number,
): string {
  const name = `${title}, ${group ?? 'table'}, from row ${at + 1}`;
  const head = <TableHead columns={columns} />;
  const { role, tabindex } = scrollsSideways(name);
  return `<div class="wide${at === 0 ? '' : ' rest'}" role="${role}" aria-label="${name}" tabindex="${tabindex}">\n<table class="rows">${head}\n<tbody>\n`;
}

export function TableHead({ columns }: { readonly columns: readonly TableColumn[] }) {
  return (
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
}

/** An area that scrolls sideways must be reachable by keyboard. */
export function scrollsSideways(name: string) {
  return { role: 'region', 'aria-label': name, tabindex: 0 };
}

const closeTable = '</tbody></table>\n</div>\n';
