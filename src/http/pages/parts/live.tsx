import type { Child } from 'hono/jsx';

/** A part that the script keeps up to date from `path`; without it the page is loaded again. */
export function Live({ path, children }: { path: string; children?: Child }) {
  return <div data-live={path}>{children}</div>;
}
