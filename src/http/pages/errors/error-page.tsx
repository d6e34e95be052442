import { type Frame, renderFramed } from '../layout/page.tsx';
import { Saying } from '../parts/saying.tsx';

/** Why there is no page, and what to do. */
export interface ErrorNote {
  readonly title: string;
  readonly says: string;
}

/** `back`: the page to go on from, a path of this host. */
export function renderErrorPage(frame: Frame, { title, says }: ErrorNote, back: string): string {
  return renderFramed({
    frame,
    title,
    children: (
      <Saying title={title} says={says}>
        <p>
          {back === '/' ? null : (
            <>
              <a href={back}>Load the page again</a>
              {', or '}
            </>
          )}
          <a href="/">{back === '/' ? 'Go' : 'go'} to the overview</a>
        </p>
      </Saying>
    ),
  });
}
