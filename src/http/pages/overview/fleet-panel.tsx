import type { MappedKey } from '../../../record/reads/pages/read-fleet.ts';
import type { LastSweep } from '../../../record/reads/pages/read-last-sweep.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { notAudited } from '../../../report/model.ts';
import { shortenText } from '../../../report/safe-text.ts';
import { renderCount } from '../../../text/render-count.ts';
import { renderNumber } from '../parts/figures.tsx';
import { Ago } from '../parts/times.tsx';
import { pathOfKey, withQuery } from '../paths.ts';
import { type FleetMap, type FleetPart, fleetGroupings } from './plan-fleet.ts';

interface FleetProps {
  readonly fleet: FleetMap;
  readonly now: Date;
  readonly last: LastSweep | undefined;
}

/** The whole fleet at a glance: a cell for each key or, where they are many, for each group. */
export function FleetPanel({ fleet, now, last }: FleetProps) {
  const { by, parts } = fleet;
  return (
    <section class="panel" aria-labelledby="fleet">
      <h2 id="fleet">Fleet by {by}</h2>
      <p class="choices unprinted">
        Group by{' '}
        {fleetGroupings.map((grouping) => (
          <a
            href={`${withQuery('/', { by: grouping })}#fleet`}
            {...(grouping === by ? { 'aria-current': 'true' } : {})}
          >
            {grouping}
          </a>
        ))}
      </p>
      {parts.length === 0 ? (
        <p class="empty">The map is drawn after the first full sweep.</p>
      ) : (
        <Parts fleet={fleet} now={now} last={last} />
      )}
    </section>
  );
}

function Parts({ fleet: { by, parts, left }, now, last }: FleetProps) {
  const isDetailed = parts.some(({ cells }) => cells.length > 0);
  const closedAt = last?.closedAt ?? null;
  return (
    <>
      <a class="skip" href="#after-fleet">
        Skip the map
      </a>
      {isDetailed ? (
        <dl class="fleet">
          {parts.map((part) => (
            <KeyCells part={part} by={by} />
          ))}
        </dl>
      ) : (
        <ul class="tiles">
          {parts.map((part) => (
            <GroupTile part={part} by={by} />
          ))}
        </ul>
      )}
      <p class="note" id="after-fleet">
        {isDetailed || closedAt === null ? null : (
          <>
            As of the last full sweep, <Ago at={closedAt} now={now} />.{' '}
          </>
        )}
        {left.parts === 0
          ? null
          : `${renderCount(left.parts, 'more group')} with ${renderCount(left.keys, 'key')}. `}
        <a href="/keys">All keys as a list</a>
      </p>
    </>
  );
}

function KeyCells({ part, by }: { part: FleetPart; by: FleetMap['by'] }) {
  return (
    <div>
      <dt>
        <PartName part={part} by={by} /> <span class="soft">{renderNumber(part.keys)}</span>
      </dt>
      <dd class="cells">
        {part.cells.map((key) => (
          <Cell mapped={key} />
        ))}
      </dd>
    </div>
  );
}

function Cell({ mapped }: { mapped: MappedKey }) {
  const title = titleOf(mapped);
  return (
    // A title is half as long as a title and a text.
    // biome-ignore lint/a11y/useAnchorContent: the title names the link
    <a class={`cell cell-${mapped.verdict ?? 'none'}`} href={pathOfKey(mapped)} title={title} />
  );
}

function titleOf({ name, keyId, verdict }: MappedKey): string {
  const shown = shortenText(name === null || name === '' ? keyId : name, 60);
  return `${shown}: ${verdict ?? notAudited}`;
}

function GroupTile({ part, by }: { part: FleetPart; by: FleetMap['by'] }) {
  const { counts, keys } = part;
  const worst = (['fail', 'unknown', 'waived'] as const).find((verdict) => counts[verdict] > 0);
  return (
    <li class={`tile cell-${worst ?? 'pass'}`}>
      <PartName part={part} by={by} />
      <span>
        {worst === undefined
          ? `all ${renderNumber(keys)} pass`
          : `${renderNumber(counts[worst])} ${worst} of ${renderNumber(keys)}`}
      </span>
    </li>
  );
}

function PartName({ part: { name }, by }: { part: FleetPart; by: FleetMap['by'] }) {
  if (name === null) return <span class="soft">no {by}</span>;
  return (
    <a href={withQuery('/keys', { [by]: name })}>
      <Shown text={name} most={60} />
    </a>
  );
}
