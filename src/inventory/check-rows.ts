import { faultsOf, readPath, wordsOf } from '../documents/describe-issues.ts';
import { type Fault, type Path, quoted, shownFile } from '../documents/mistake.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { detach, type Pool } from './intern.ts';
import { type KeyList, mostFaults } from './key-list.ts';
import { type KeyRow, keySchema } from './key-schema.ts';
import type { Register } from './register.ts';

export interface RowsContext {
  /** The ids of sources that keys may name; undefined when these are not known. */
  readonly sources: ReadonlySet<string> | undefined;
  readonly cwd: string;
  readonly pool: Pool;
  readonly register: Register;
}

/** The keys of a list, and each fault of its rows once, with its position. */
export function checkRows(list: KeyList, context: RowsContext) {
  const keys: TrackedKey[] = [];
  const found: Fault[] = [];
  let rows = 0;
  list.each((value, row) => {
    rows = row + 1;
    if (found.length >= mostFaults) return;
    const parsed = keySchema.safeParse(value, { error: wordsOf });
    if (parsed.success) keys.push(toTrackedKey(parsed.data, context.pool));
    const faults = parsed.success
      ? checkMeaning(parsed.data, row, context)
      : parsed.error.issues.flatMap((issue) => faultsOf(issue, (path) => readPath(value, path)));
    for (const { path, aim, message } of faults.slice(0, mostFaults - found.length)) {
      found.push({ ...list.locate(row, path, aim), path: list.name(row, path), message });
    }
  });
  if (found.length >= mostFaults) {
    const message = `more than ${mostFaults} mistakes; what follows was not read`;
    found.push({ ...list.locate(rows - 1, []), path: [], message });
  }
  return { keys, rows, faults: [...list.faults, ...found] };
}

interface RowFault {
  readonly path: Path;
  readonly aim: 'key' | 'value';
  readonly message: string;
}

function checkMeaning({ source, keyId }: KeyRow, row: number, context: RowsContext): RowFault[] {
  const { sources, register, cwd } = context;
  const faults: RowFault[] = [];
  if (sources !== undefined && !sources.has(source)) {
    const message = `there is no source ${quoted(source)} in the configuration`;
    faults.push({ path: ['source'], aim: 'value', message });
  }
  const before = register.enter(source, keyId, row);
  if (before !== undefined) {
    const place = `${shownFile(before.file, cwd)}:${before.line}:${before.column}`;
    const message = `${quoted(keyId)} of this source is listed already at ${place}`;
    faults.push({ path: ['keyId'], aim: 'value', message });
  }
  return faults;
}

function toTrackedKey(row: KeyRow, { text, list }: Pool): TrackedKey {
  const { source, keyId, owner, environment, approvedScopes, tags } = row;
  return Object.freeze({
    source: text(source),
    keyId: detach(keyId),
    owner: owner ? text(owner) : null,
    environment: environment ? text(environment) : null,
    approvedScopes: approvedScopes ? list(approvedScopes) : null,
    tags: list(tags ?? []),
  });
}
