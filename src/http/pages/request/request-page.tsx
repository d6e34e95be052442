import type { RequestProgress } from '../../../record/sweeps/requests.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { Live } from '../parts/live.tsx';
import { pathOfRequest, pathOfSweep } from '../paths.ts';

export interface RequestModel {
  readonly id: string;
  readonly progress: RequestProgress;
}

export function renderRequest(frame: Frame, { id, progress }: RequestModel): string {
  const ends = progress.closed || progress.refused !== null;
  return renderFramed({
    frame,
    title: 'Request',
    current: '/sweeps',
    refreshes: !ends,
    children: ends ? (
      <RequestState progress={progress} />
    ) : (
      <>
        <p class="kicker">This page leads on to what the sweep found</p>
        <Live path={`${pathOfRequest(id)}/live`}>
          <RequestState progress={progress} />
        </Live>
      </>
    ),
  });
}

/** The same as the part of the page that is kept up to date. */
export function renderRequestState(progress: RequestProgress): string {
  return String(<RequestState progress={progress} />);
}

/** What has become of a request so far. */
function RequestState({ progress }: { progress: RequestProgress }) {
  const { refused, sweepId, tracked, judged, closed } = progress;
  if (refused !== null) {
    return (
      <div class="head">
        <h1>The request was refused</h1>
        <p>
          <Shown text={refused} most={1_000} />
        </p>
      </div>
    );
  }
  if (sweepId === null) {
    return (
      <div class="head">
        <h1>The request waits for a worker</h1>
        <p>Its sweep opens as soon as one is free.</p>
      </div>
    );
  }
  return (
    <div class="head">
      <h1>
        {judged} of {renderCount(tracked, 'key')} judged
      </h1>
      <p>
        <progress value={judged} max={Math.max(1, tracked)} aria-label="Keys judged" />
        <a href={pathOfSweep(sweepId)}>{closed ? 'What it found' : 'The sweep'}</a>
      </p>
    </div>
  );
}
