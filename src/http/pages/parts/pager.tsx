interface PagerProps {
  /** The address of the first page, if this is another one. */
  readonly first: string | undefined;
  readonly next: string | undefined;
}

/** Leads through a list. Nothing, if the list has one page. */
export function Pager({ first, next }: PagerProps) {
  if (first === undefined && next === undefined) return null;
  return (
    <nav class="pager unprinted" aria-label="Pages of the list">
      {first === undefined ? null : <a href={first}>First page</a>}
      {next === undefined ? (
        <span class="soft">End of the list</span>
      ) : (
        <a href={next} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
}
