import type { HeldSweep } from '../../../report/alerts-model.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { pathOfSweep } from '../paths.ts';
import { Ago } from './times.tsx';

interface HeldAlertsProps {
  readonly held: HeldSweep;
  readonly now: Date;
}

/** Says that the alerts of a sweep are held, until when, and why. */
export function HeldAlerts({ held: { sweep, openedAt, held, detail }, now }: HeldAlertsProps) {
  return (
    <>
      The alerts of <a href={pathOfSweep(sweep)}>the sweep</a> that opened{' '}
      <Ago at={openedAt} now={now} /> are held until somebody releases them or the next sweep
      confirms them: {renderCount(held, 'change')}
      {detail === null ? null : (
        <>
          {' '}
          (<Shown text={detail} />)
        </>
      )}
      .
    </>
  );
}
