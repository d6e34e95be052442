import { type ListedKey, notAudited } from '../model.ts';
import { renderDay } from '../render-instant.ts';
import { type GridLine, renderGrid } from './grid.ts';
import { orDash } from './or-dash.ts';
import { createPaints, type Paints } from './paints.ts';
import type { Column } from './plan-grid.ts';
import type { TableOptions } from './table.ts';

const columns: readonly Column[] = [
  { title: 'VERDICT', most: 15 },
  { title: 'KEY', most: 38, least: 36 },
  { title: 'NAME', most: 28 },
  { title: 'TYPE', most: 14 },
  { title: 'OWNER', most: 20 },
  { title: 'CREATED', most: 10, least: 10 },
  { title: 'LAST USED', most: 10, least: 10 },
  { title: 'SCOPES', most: 0 },
];

/** Renders the tracked keys for a terminal, in the given order, grouped by source. */
export async function* renderKeysTable(
  keys: AsyncIterable<ListedKey>,
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const grid = { columns, terminal, paintTitle: paints.bold, dim: paints.dim };
  let any = false;
  for await (const piece of renderGrid(keyLines(keys, paints), { ...grid, title: 'Keys' })) {
    yield any ? piece : piece.trimStart();
    any = true;
  }
  if (!any) yield 'No keys.\n';
}

async function* keyLines(keys: AsyncIterable<ListedKey>, paints: Paints): AsyncIterable<GridLine> {
  let group: string | undefined;
  for await (const key of keys) {
    if (key.source !== group) yield { heading: key.source, paint: paints.bold };
    group = key.source;
    const paint = key.verdict === null ? paints.dim : paints.verdict[key.verdict];
    yield { cells: cellsOf(key), paint };
  }
}

/** `–` means unknown; `never` means that the key was never used. */
function cellsOf(key: ListedKey): readonly string[] {
  const { verdict, keyId, name, type, owner, createdOn, lastUsed, scopes } = key;
  return [
    verdict ?? notAudited,
    keyId,
    orDash(name),
    orDash(type),
    orDash(owner),
    createdOn === undefined ? '–' : renderDay(createdOn),
    lastUsed === null ? 'never' : lastUsed === undefined ? '–' : renderDay(lastUsed),
    scopes === undefined ? '–' : orDash(scopes.join(' ')),
  ];
}
