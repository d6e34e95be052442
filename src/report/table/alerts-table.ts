import { renderCount } from '../../text/render-count.ts';
import type { AlertState, HeldSweep, ListedAlert } from '../alerts-model.ts';
import { renderInstant } from '../render-instant.ts';
import { safeText } from '../safe-text.ts';
import { type GridLine, type Paint, renderGrid } from './grid.ts';
import { createPaints, type Paints } from './paints.ts';
import type { Column } from './plan-grid.ts';
import type { TableOptions } from './table.ts';

const columns: readonly Column[] = [
  { title: 'STATE', most: 10 },
  { title: 'ID', most: 36, least: 36 },
  { title: 'CHANNEL', most: 24 },
  { title: 'TYPE', most: 28 },
  { title: 'WHEN, CONTENT, RESULT', most: 0 },
];

/** Renders the held sweeps, then the alerts in the given order, for a terminal. */
export async function* renderAlertsTable(
  alerts: AsyncIterable<ListedAlert>,
  held: readonly HeldSweep[],
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const grid = { columns, terminal, paintTitle: paints.bold, dim: paints.dim, title: 'Alerts' };
  for (const sweep of held) yield `${paints.severity.high(heldLine(sweep))}\n`;
  let any = false;
  for await (const piece of renderGrid(alertLines(alerts, paints), grid)) {
    yield any || held.length > 0 ? piece : piece.trimStart();
    any = true;
  }
  if (!any) yield 'No alerts.\n';
}

/** Describes a held sweep and the command that releases it. */
function heldLine({ sweep, held, detail }: HeldSweep): string {
  const why = detail === null ? '' : `: ${detail}`;
  const what = renderCount(held, 'change');
  return safeText(`sweep ${sweep} holds ${what}${why}; keysweep alerts release ${sweep}`);
}

async function* alertLines(
  alerts: AsyncIterable<ListedAlert>,
  paints: Paints,
): AsyncIterable<GridLine> {
  const paintOf: Readonly<Record<AlertState, Paint>> = {
    pending: paints.verdict.unknown,
    delivered: paints.verdict.pass,
    failed: paints.verdict.fail,
    superseded: paints.dim,
  };
  for await (const alert of alerts) yield { cells: cellsOf(alert), paint: paintOf[alert.state] };
}

function cellsOf(alert: ListedAlert): readonly string[] {
  const { state, id, channel, type, part, parts } = alert;
  const what = parts > 1 ? `${type} ${part}/${parts}` : type;
  return [state, id, channel, what, `${whenOf(alert)}; ${contentAndResult(alert)}`];
}

function contentAndResult({ findings, attempts, detail }: ListedAlert): string {
  const content = findings === 0 ? [] : [renderCount(findings, 'finding')];
  const counts = [...content, renderCount(attempts, 'attempt')].join(', ');
  return detail === null ? counts : `${counts}: ${detail}`;
}

function whenOf({ state, plannedAt, sending, nextAt, endedAt }: ListedAlert): string {
  const planned = `planned ${renderInstant(plannedAt)}`;
  if (sending) return `${planned}, being sent`;
  if (nextAt !== null) return `${planned}, next try ${renderInstant(nextAt)}`;
  return endedAt === null ? planned : `${planned}, ${state} ${renderInstant(endedAt)}`;
}
