import type { Child } from 'hono/jsx';
import { scrollsSideways } from '../../../report/html/tables.tsx';

/** A table that scrolls sideways by itself where the page is narrow. `name`: for screen readers. */
export function Wide({ name, children }: { name: string; children?: Child }) {
  return (
    <div class="wide" {...scrollsSideways(name)}>
      {children}
    </div>
  );
}
