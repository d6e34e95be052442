import { renderDay } from '../../../report/render-instant.ts';
import { renderCount } from '../../../text/render-count.ts';
import type { Summary, WaiverSummary } from '../summary.ts';
import { aboutNamed, lastDayOf, onlyNamed, tellApprovers } from '../tell-waiver.ts';
import { renderSection } from './render-section.tsx';
import { LeafLink, Text } from './shown-parts.tsx';

/** The page lists as many; the table of all of them is in the CSV. */
const mostListed = 100;

interface Props {
  readonly summary: Summary;
}

/** The waivers that were in force, with their approvers. */
export function Waivers({ summary: { waivers, info } }: Props) {
  return renderSection<WaiverSummary>({
    ...{ id: 'waivers', title: 'Waivers' },
    none: 'No waiver was in force.',
    columns: [
      { title: 'Waiver', class: 'w2' },
      { title: 'Covers' },
      { title: 'Approved by' },
      { title: 'Reason', class: 'w3' },
      { title: 'In force' },
    ],
    rows: waivers.slice(-mostListed),
    below: <BelowWaivers count={waivers.length} />,
    row: (one) => (
      <tr>
        <th scope="row">
          <Text text={one.waiver} />
          <small>
            <LeafLink n={one.leaf} size={info.size} />
          </small>
        </th>
        <td>
          <Text text={one.rule} />,{' '}
          {one.keys === null ? 'keys that match' : renderCount(one.keys, 'key')}
          <small>
            <Text text={one.controls.join(', ')} />
          </small>
        </td>
        <td>
          <Approvers waiver={one} size={info.size} />
        </td>
        <td>
          <Text text={one.reason} />
        </td>
        <td>
          {renderDay(one.from)} to {lastDayOf(one)}
          {one.ended === undefined ? null : (
            <small>
              {one.ended.because}, <LeafLink n={one.ended.leaf} size={info.size} />
            </small>
          )}
        </td>
      </tr>
    ),
  });
}

function BelowWaivers({ count }: { count: number }) {
  if (count === 0) return null;
  const more = count - mostListed;
  return (
    <>
      {more > 0 ? (
        <p>
          These are the newest. {more} more are in <a href="summary.csv">summary.csv</a>.
        </p>
      ) : null}
      <p class="note">{aboutNamed}</p>
    </>
  );
}

function Approvers({ waiver, size }: { waiver: WaiverSummary; size: number }) {
  return (
    <>
      {tellApprovers(waiver).map(({ who, signed }) => (
        <div>
          <Text text={who} />
          <small>
            {signed === undefined ? (
              onlyNamed
            ) : (
              <>
                {renderDay(signed.at)}, <LeafLink n={signed.leaf} size={size} />
              </>
            )}
          </small>
        </div>
      ))}
      <small>
        asked for by <Text text={waiver.requestedBy} />
      </small>
    </>
  );
}
