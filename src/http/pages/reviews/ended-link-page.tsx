import { type Frame, renderFramed } from '../layout/page.tsx';
import { Saying } from '../parts/saying.tsx';

/** Says no more than this to somebody whose link does not hold. */
export function renderEndedLink(frame: Frame): string {
  const title = 'This link does not hold';
  const says =
    'The review has ended, or the link was withdrawn, or the address is incomplete. Nothing was changed.';
  return renderFramed({
    frame,
    title,
    children: (
      <Saying title={title} says={says}>
        <p>
          Open the link of the newest mail again, or{' '}
          <a href="/reviews">sign in to see the reviews</a>.
        </p>
      </Saying>
    ),
  });
}
