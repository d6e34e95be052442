import { renderInstant } from '../render-instant.ts';
import { describeClockChange, type ListedSchedule, type NextInstant } from '../schedules-model.ts';
import { type GridLine, renderGrid } from './grid.ts';
import { createPaints, type Paints } from './paints.ts';
import type { Column } from './plan-grid.ts';
import type { TableOptions } from './table.ts';

const columns: readonly Column[] = [
  { title: 'DUE, IN ITS ZONE', most: 27, least: 27 },
  { title: 'IN UTC', most: 21, least: 21 },
  { title: 'CLOCK CHANGE', most: 0 },
];

/** Renders the next instants of each schedule for a terminal. */
export async function* renderSchedulesTable(
  schedules: readonly ListedSchedule[],
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  if (schedules.length === 0) {
    yield 'No schedules.\n';
    return;
  }
  const paints = createPaints(color);
  const grid = { columns, terminal, paintTitle: paints.bold, dim: paints.dim, title: 'Schedules' };
  let any = false;
  for await (const piece of renderGrid(scheduleLines(schedules, paints), grid)) {
    yield any ? piece : piece.trimStart();
    any = true;
  }
}

async function* scheduleLines(
  schedules: readonly ListedSchedule[],
  paints: Paints,
): AsyncIterable<GridLine> {
  for (const { id, cron, timezone, next } of schedules) {
    yield { heading: `${id}  ${cron}  ${timezone}`, paint: paints.bold };
    for (const instant of next) yield { cells: cellsOf(instant) };
  }
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function cellsOf(instant: NextInstant): readonly string[] {
  const [day = '', time = ''] = instant.local.split('T');
  const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
  const local = `${weekday} ${day} ${time.slice(0, 5)} ${time.slice(8)}`;
  return [local, renderInstant(instant.at), describeClockChange(instant)];
}
