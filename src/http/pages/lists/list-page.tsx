import type { Child } from 'hono/jsx';
import { Shown } from '../../../report/html/shown.tsx';
import type { Destination } from '../layout/navigation.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { type FilterField, FilterForm } from './filter-form.tsx';
import type { List } from './read-list.ts';

/** What one list shows in the frame that all lists have. */
export interface ListProps {
  readonly list: List<unknown>;
  readonly path: Destination;
  /** What the list holds: “findings”. */
  readonly what: string;
  readonly fields: readonly FilterField[];
  /** The order, if it is not the usual one. */
  readonly sort?: string | undefined;
  /** What an empty list says without a filter, and with one. */
  readonly none: string;
  readonly noMatch: string;
  /** What stands in the panel even above an empty list. */
  readonly orders?: Child;
  /** The items, if there are any. */
  readonly children?: Child;
}

interface ListPageProps extends ListProps {
  readonly frame: Frame;
  readonly title: string;
  readonly note: string;
  /** What stands above the filters. */
  readonly notices?: Child;
  /** What stands below the list. */
  readonly after?: Child;
}

/** A page that is a list: its filters, and a panel with a part of it. */
export function renderListPage(page: ListPageProps): string {
  const { frame, title, note, notices, after, ...list } = page;
  return renderFramed({
    frame,
    title,
    current: list.path,
    children: (
      <>
        <div class="head">
          <h1>{title}</h1>
          <p class="note">{note}</p>
        </div>
        {notices}
        <ListFilters {...list} />
        <div class="panel">
          <ListItems {...list} />
        </div>
        {after}
      </>
    ),
  });
}

/** The filters of a list, and what is wrong with them. */
export function ListFilters({ list: { query, active, wrong }, ...form }: ListProps) {
  return (
    <>
      <FilterForm query={query} active={active} {...form} />
      {wrong === undefined ? null : (
        <p class="notice is-unknown" role="alert">
          <Shown text={wrong} most={1_000} />
        </p>
      )}
    </>
  );
}

/** The items of a list, or why there are none, and the way to the others. */
export function ListItems({ list, none, noMatch, orders, children }: ListProps) {
  const { items, first, next } = list;
  return (
    <>
      {orders}
      {items.length === 0 ? <p class="empty">{emptyWords(list, none, noMatch)}</p> : children}
      <Pager first={first} next={next} />
    </>
  );
}

function emptyWords({ wrong, first, active }: List<unknown>, none: string, noMatch: string) {
  if (wrong !== undefined) return 'Nothing can be listed.';
  if (first !== undefined) return 'The list ends here.';
  return active.length === 0 ? none : noMatch;
}
