import { renderDay, renderInstant } from '../../../report/render-instant.ts';
import { withMark } from '../../../report/simulated.ts';
import { renderAgo } from './render-ago.ts';

/** An instant in UTC; the script shows it in the viewer's zone and leaves UTC in the title. */
export function Instant({ at }: { at: Date }) {
  return (
    <time class="nowrap" datetime={at.toISOString()} title={renderUtc(at)} data-at="full">
      {at.toISOString().slice(0, 16).replace('T', ' ')} UTC
    </time>
  );
}

/** The day of an instant in UTC, with its mark; the script shows the viewer's own day. */
export function Day({ at, simulated }: { at: Date; simulated?: boolean | undefined }) {
  return (
    <>
      <time class="nowrap" datetime={at.toISOString()} title={renderUtc(at)} data-at="day">
        {renderDay(at)}
      </time>
      {withMark('', simulated)}
    </>
  );
}

/** How long ago an instant was; the instant itself stands in the title. */
export function Ago({ at, now }: { at: Date; now: Date }) {
  return (
    <time class="nowrap" datetime={at.toISOString()} title={renderUtc(at)} data-at="ago">
      {renderAgo(at, now)}
    </time>
  );
}

function renderUtc(at: Date): string {
  return renderInstant(at).replace('Z', ' UTC');
}
