import type { IdleBin, ReportCounts } from './count-report.ts';

interface Column {
  readonly label: string;
  readonly keys: number;
  /** Set for a column that is no number of days. */
  readonly apart: boolean;
}

/** A column chart of the days without use; “never used” and “unknown” have separate columns. */
export function IdleSection({ counts }: { counts: ReportCounts }) {
  const columns: readonly Column[] = [
    ...counts.idle.map((bin) => ({ label: labelOf(bin), keys: bin.keys, apart: false })),
    { label: 'never used', keys: counts.neverUsed, apart: true },
    { label: 'not known', keys: counts.notKnown, apart: true },
  ];
  return (
    <section aria-labelledby="idle">
      <h2 id="idle">Idle days</h2>
      <figure>
        <Histogram columns={columns} />
        <figcaption>
          Keys by the whole days since they were last used, as of the sweep. “Not known”: the vendor
          did not answer for the key, knows no such key, or its last use could not be read.
        </figcaption>
      </figure>
    </section>
  );
}

function labelOf({ from, to }: IdleBin): string {
  return to === Number.POSITIVE_INFINITY ? `${from}+` : `${from}–${to - 1}`;
}

const width = 736;
const top = 24;
const floor = 190;
const step = 78;
const columnWidth = 56;
const gapBefore = 22;

function Histogram({ columns }: { columns: readonly Column[] }) {
  const most = Math.max(1, ...columns.map(({ keys }) => keys));
  const days = columns.filter(({ apart }) => !apart).length;
  const said = columns.map(({ label, keys, apart }) => `${label}${apart ? '' : ' days'}: ${keys}`);
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${width} 240`}
      role="img"
      aria-label={`Keys by idle days. ${said.join('; ')}.`}
    >
      {columns.map((column, at) => (
        <HistogramColumn
          column={column}
          most={most}
          x={at * step + (column.apart ? gapBefore : 0)}
        />
      ))}
      <line x1="0" x2={days * step - 10} y1={floor} y2={floor} class="axis" />
      <line x1={days * step + gapBefore - 8} x2={width} y1={floor} y2={floor} class="axis" />
      <text x={(days * step) / 2 - 8} y="234" text-anchor="middle" class="soft">
        days since last use
      </text>
    </svg>
  );
}

function HistogramColumn({ column, most, x }: { column: Column; most: number; x: number }) {
  const { label, keys, apart } = column;
  // A column for a single key must stay visible.
  const height = keys === 0 ? 0 : Math.max(2, Math.round((keys / most) * (floor - top)));
  const middle = x + columnWidth / 2;
  return (
    <>
      <rect
        x={x}
        y={floor - height}
        width={columnWidth}
        height={height}
        class={apart ? 'fill-apart' : 'fill-idle'}
      />
      <text x={middle} y={floor - height - 6} text-anchor="middle" class={keys === 0 ? 'soft' : ''}>
        {keys}
      </text>
      <text x={middle} y={floor + 18} text-anchor="middle">
        {label}
      </text>
    </>
  );
}
