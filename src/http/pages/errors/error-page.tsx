import { Shown } from '../../../report/html/shown.tsx';
import { type Frame, renderFramed } from '../layout/page.tsx';

/** Why there is no page, and what to do. */
export interface ErrorNote {
  readonly title: string;
  readonly says: string;
}

export function renderErrorPage(frame: Frame, { title, says }: ErrorNote): string {
  return renderFramed({
    frame,
    title,
    children: (
      <div class="head">
        <h1>{title}</h1>
        <p>
          <Shown text={says} most={600} />
        </p>
        <p>
          <a href="/">Go to the overview</a>
        </p>
      </div>
    ),
  });
}
