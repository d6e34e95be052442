import { faultsOf, readPath, wordsOf } from '../config/describe-issues.ts';
import { type Fault, type Path, quoted, shownFile } from '../config/mistake.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import type { Pool } from './intern.ts';
import type { KeyList } from './key-list.ts';
import { type KeyRow, keySchema } from './key-schema.ts';
import type { Register } from './register.ts';

export interface RowsContext {
  /** The ids of sources that keys may name; undefined when these are not known. */
  readonly sources: ReadonlySet<string> | undefined;
  readonly cwd: string;
  readonly pool: Pool;
  readonly register: Register;
}

/** After so many mistakes the rest is not looked at: it must be a file of another kind. */
const mostFaults = 10_000;

/** The keys of a list, and what is wrong with its rows, each told once with its place. */
export function checkRows(list: KeyList, context: RowsContext) {
  const keys: TrackedKey[] = [];
  const faults: Fault[] = [...list.faults];
  for (const [row, value] of list.rows.entries()) {
    if (faults.length >= mostFaults) {
      const message = `more than ${mostFaults} mistakes; the rest of the file was not read`;
      return { keys, faults: [...faults, { ...list.locate(row, []), path: [], message }] };
    }
    const parsed = keySchema.safeParse(value, { error: wordsOf });
    const found = parsed.success
      ? checkMeaning(parsed.data, row, context)
      : parsed.error.issues.flatMap((issue) => faultsOf(issue, (path) => readPath(value, path)));
    for (const { path, aim, message } of found) {
      faults.push({ ...list.locate(row, path, aim), path: list.name(row, path), message });
    }
    if (parsed.success) keys.push(toTrackedKey(parsed.data, context.pool));
  }
  return { keys, faults };
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
    keyId,
    owner: owner ? text(owner) : null,
    environment: environment ? text(environment) : null,
    approvedScopes: approvedScopes ? list(approvedScopes) : null,
    tags: list(tags ?? []),
  });
}
