import type { Child } from 'hono/jsx';
import { Shown } from '../../../report/html/shown.tsx';

interface SayingProps {
  readonly title: string;
  readonly says: string;
  readonly children?: Child;
}

/** A page that says one thing, and how to go on. */
export function Saying({ title, says, children }: SayingProps) {
  return (
    <div class="head">
      <h1>{title}</h1>
      <p>
        <Shown text={says} most={600} />
      </p>
      {children}
    </div>
  );
}
