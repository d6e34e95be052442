import type { Summary } from '../../../evidence/summary/summary.ts';
import { describeRemoved } from '../../../evidence/summary/words/describe-removed.ts';
import { describeUnheld, whyUncovered } from '../../../evidence/ticks/describe-unheld.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { Instant } from '../parts/times.tsx';
import { pathOfSweep } from '../paths.ts';

/** What was due and not held, and what the log does not cover. */
export function UnheldPanel({ summary: { unheld, uncovered } }: { summary: Summary }) {
  return (
    <section class="panel" aria-labelledby="not-held">
      <h2 id="not-held">Due and not held</h2>
      {unheld.length + uncovered.length === 0 ? (
        <p class="empty">Every sweep that was due was held.</p>
      ) : (
        <Table name="What was not held" class="list" columns={['What', 'When', 'Why', 'Proof']}>
          {unheld.map((group) => (
            <tr>
              <th scope="row">
                <Shown text={`schedule ${group.schedule}`} most={100} />
                <small>{renderCount(group.count, 'sweep')}</small>
              </th>
              <td data-label="When">
                <Instant at={new Date(group.first)} />
                {group.first === group.last ? null : (
                  <>
                    {' '}
                    to <Instant at={new Date(group.last)} />
                  </>
                )}
              </td>
              <td data-label="Why">{describeUnheld(group)}</td>
              <td data-label="Proof">{describeLeaves(group.leaves)}</td>
            </tr>
          ))}
          {uncovered.map(({ from, to, because }) => (
            <tr>
              <th scope="row">not covered</th>
              <td data-label="When">
                <Instant at={from} /> to <Instant at={to} />
              </td>
              <td data-label="Why">{whyUncovered[because]}</td>
              <td data-label="Proof">–</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function describeLeaves(leaves: readonly number[]): string {
  if (leaves.length === 0) return '–';
  const more = leaves.length > 5 ? ` and ${leaves.length - 5} more` : '';
  return `leaf ${leaves.slice(0, 5).join(', ')}${more}`;
}

/** Says that the findings of some sweeps are not known any more. */
export function RemovedNotice({ summary: { sweeps } }: { summary: Summary }) {
  const { removed } = sweeps;
  if (removed.length === 0) return null;
  return (
    <p class="notice is-unknown">
      {describeRemoved(removed)} Their leaves: {describeLeaves(removed)}.
    </p>
  );
}

/** Says that controls are missing, because the rules of a policy cannot be read. */
export function UnreadNotice({ summary: { policies } }: { summary: Summary }) {
  const unread = policies.filter(({ isRead }) => !isRead);
  if (unread.length === 0) return null;
  return (
    <p class="notice is-unknown">
      The rules of {renderCount(unread.length, 'policy', 'policies')} of this time could not be
      read: controls that only these name are missing here. Their first sweeps:{' '}
      {describeLeaves(unread.map(({ firstLeaf }) => firstLeaf))}.
    </p>
  );
}

const mostSweeps = 100;

/** The sweeps that could not judge all of their keys. */
export function IncompletePanel({ summary: { sweeps } }: { summary: Summary }) {
  const { incomplete } = sweeps;
  if (incomplete.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="incomplete">
      <h2 id="incomplete">Sweeps that could not judge every key</h2>
      <Table name="Incomplete sweeps" class="list" columns={['Sweep', 'When', 'Judged', 'Proof']}>
        {incomplete.slice(-mostSweeps).map(({ sweep, at, audited, tracked, leaf }) => (
          <tr>
            <th scope="row">
              <a href={pathOfSweep(sweep)}>
                <code>{sweep.slice(0, 8)}</code>
              </a>
            </th>
            <td data-label="When">
              <Instant at={at} />
            </td>
            <td data-label="Judged">
              {renderNumber(audited)} of {renderNumber(tracked)}
            </td>
            <td data-label="Proof">leaf {leaf}</td>
          </tr>
        ))}
      </Table>
      {incomplete.length > mostSweeps ? (
        <p class="note">
          The newest {mostSweeps} of {renderNumber(incomplete.length)}; the pack has all.
        </p>
      ) : null}
    </section>
  );
}
