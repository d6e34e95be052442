import { faultsOf, readPath, wordsOf } from '../documents/describe-issues.ts';
import { type Fault, type Path, quoted, shownFile } from '../documents/mistake.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { type KeyList, mostFaults } from './key-list.ts';
import { type KeyRow, keySchema } from './key-schema.ts';
import type { Register } from './register.ts';

export interface RowsContext {
  /** The ids of sources that keys may name; undefined when these are not known. */
  readonly sources: ReadonlySet<string> | undefined;
  readonly cwd: string;
  readonly register: Register;
  /** Gets each valid key. */
  readonly take: (key: TrackedKey, row: number) => void;
}

/** Reads a list: whether it has rows, and each fault of its rows once, with its position. */
export async function checkRows(list: KeyList, context: RowsContext) {
  const found: Fault[] = [];
  let last: number | undefined;
  await list.each((value, row) => {
    last = row;
    if (found.length >= mostFaults) return;
    const parsed = keySchema.safeParse(value, { error: wordsOf });
    const broken = parsed.success
      ? []
      : parsed.error.issues.flatMap((issue) => faultsOf(issue, (path) => readPath(value, path)));
    if (parsed.success) context.take(toTrackedKey(parsed.data), row);
    const ids = parsed.success ? parsed.data : readableIds(value, broken);
    const faults = [...broken, ...checkMeaning(ids, row, context)];
    for (const { path, aim, message } of faults.slice(0, mostFaults - found.length)) {
      found.push({ ...list.locate(row, path, aim), path: list.name(row, path), message });
    }
  });
  if (found.length >= mostFaults) {
    const message = `more than ${mostFaults} mistakes; what follows was not read`;
    found.push({ ...list.locate(last ?? 0, []), path: [], message });
  }
  return { isEmpty: last === undefined, faults: [...list.faults, ...found] };
}

interface RowFault {
  readonly path: Path;
  readonly aim: 'key' | 'value';
  readonly message: string;
}

/** What can be checked of a row: an id that is missing or wrong is left out. */
type ReadableIds = Partial<Pick<KeyRow, 'source' | 'keyId'>>;

/** The ids of a row that has mistakes. An id with a mistake of its own is not checked again. */
function readableIds(value: unknown, broken: readonly RowFault[]): ReadableIds {
  const wrong = new Set(broken.map(({ path }) => path[0]));
  const idOf = (field: 'source' | 'keyId') => {
    const id = wrong.has(field) ? undefined : readPath(value, [field]);
    return typeof id === 'string' ? { [field]: id } : {};
  };
  return { ...idOf('source'), ...idOf('keyId') };
}

function checkMeaning({ source, keyId }: ReadableIds, row: number, context: RowsContext) {
  if (source === undefined) return [];
  const faults = checkSource(source, context);
  return keyId === undefined ? faults : [...faults, ...enter(source, keyId, row, context)];
}

function checkSource(source: string, { sources }: RowsContext): RowFault[] {
  if (sources === undefined || sources.has(source)) return [];
  const message = `there is no source ${quoted(source)} in the configuration`;
  return [{ path: ['source'], aim: 'value', message }];
}

/** Enters the key into the register of all files; a fault where it is there already. */
function enter(source: string, keyId: string, row: number, { register, cwd }: RowsContext) {
  const before = register.enter(source, keyId, row);
  if (before === undefined) return [];
  const place = `${shownFile(before.file, cwd)}:${before.line}:${before.column}`;
  const message = `${quoted(keyId)} of this source is listed already at ${place}`;
  return [{ path: ['keyId'], aim: 'value', message } as const];
}

function toTrackedKey(row: KeyRow): TrackedKey {
  const { source, keyId, owner, environment, approvedScopes, tags } = row;
  return {
    source,
    keyId,
    owner: owner || null,
    environment: environment || null,
    approvedScopes: approvedScopes ?? null,
    tags: tags ?? [],
  };
}
