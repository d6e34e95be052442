import { resolve } from 'node:path';
import { isMap, isPair, isScalar, type Pair, type Scalar, visit, type YAMLMap } from 'yaml';
import { type Fault, type Path, quoted } from '../documents/mistake.ts';
import { readText } from '../documents/read-text.ts';
import type { YamlDocument } from '../documents/yaml-document.ts';
import { textsOf } from './check-references.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const name = '[A-Za-z_][A-Za-z0-9_]*';
const variable = new RegExp(`^\\$\\{(${name})(?::-([^}]*))?\\}$`);
/** A template literal, because the linter reports `${` between plain quotes. */
const misspelt = `a variable must be written \${NAME} or \${NAME:-default}`;
const anyVariable = /\$?\$\{[^}]*\}?/g;

/** These private-use characters replace the braces of `${NAME}` while YAML is parsed. */
const opened = '\uE0F0';
const closed = '\uE0F1';
const written = new RegExp(`\\$\\{(${name}(?::-[^}\\n]*)?)\\}`, 'g');
const hidden = new RegExp(`\\$${opened}([^${closed}]*)${closed}`, 'g');

/**
 * Hides the braces of `${NAME}` from the parser, so that it may stand without quotes inside `{ … }`
 * too. The length stays the same, so all positions stay valid.
 */
export function hideVariables(text: string): string {
  return text.replace(written, `$$${opened}$1${closed}`);
}

/** Nodes whose whole value was put in: the schema may want a number or a boolean there. */
export type PutIn = ReadonlySet<Scalar>;

export interface Substituted {
  readonly putIn: PutIn;
  readonly faults: readonly Fault[];
  /** The files that were read and hold secrets. */
  readonly files: readonly string[];
  /** The file that a value was read from, by the path of the value: `evidence.key`. */
  readonly fileOf: ReadonlyMap<string, string>;
}

/**
 * Puts environment variables (`${NAME}`, `${NAME:-default}`; `$${` is a plain `${`) and the files
 * of `…File` keys into the tree of a document. Relative paths start at `folder`.
 */
export async function substitute(
  document: YamlDocument,
  env: Environment,
  folder: string,
): Promise<Substituted> {
  const putIn = new Set<Scalar>();
  const files: string[] = [];
  const fileOf = new Map<string, string>();
  const faults: Fault[] = [];
  const stemOf = stemsOf(document.toValue());
  const maps: { map: YAMLMap; path: Path }[] = [];
  visit(document.tree, {
    Scalar(key, node, ancestors) {
      // So `visit` calls the key of any pair: no variable is put into keys.
      if (key === 'key') restoreKey(node);
      else
        putInVariables(node, {
          document,
          env,
          putIn,
          faults,
          path: pathOf(ancestors, node, stemOf),
        });
    },
    Map(_key, map, ancestors) {
      maps.push({ map, path: pathOf(ancestors, map, stemOf) });
    },
  });
  const works = { document, folder, stemOf, putIn, faults, files, fileOf };
  for (const { map, path } of maps) {
    for (const pair of [...map.items]) {
      await putInFile(map, pair, { ...works, path });
    }
  }
  return { putIn, faults, files, fileOf };
}

interface Work {
  readonly document: YamlDocument;
  readonly putIn: Set<Scalar>;
  readonly faults: Fault[];
  readonly path: Path;
}

function shown(text: string): string {
  return text.replace(hidden, (_all, inside: string) => `\${${inside}}`);
}

function restoreKey(node: Scalar): void {
  if (typeof node.value === 'string') node.value = shown(node.value);
}

function putInVariables(node: Scalar, work: Work & { env: Environment }): void {
  if (typeof node.value !== 'string') return;
  const text = shown(node.value);
  const fault = (message: string) => {
    work.faults.push({ ...work.document.positionOf(node), path: work.path, message });
    return '';
  };
  if (variable.test(text)) work.putIn.add(node);
  node.value = text.replace(anyVariable, (part) => {
    if (part.startsWith('$$')) return part.slice(1);
    const found = variable.exec(part);
    if (found === null) return fault(misspelt);
    return lookUp(found, work.env) ?? fault(`the variable ${found[1]} is not set`);
  });
}

/** As in shells, the default applies if the variable is unset or empty. */
function lookUp([, key = '', fallback]: RegExpExecArray, env: Environment): string | undefined {
  const value = Object.hasOwn(env, key) ? env[key] : undefined;
  return fallback === undefined ? value : value || fallback;
}

const ownFiles = ['http.tokenFile', 'evidence.stateFile'];
const fileKey = /^([a-z][A-Za-z]*)File$/;
const namedFile = /^(.+)File$/;

/** If `key` in the mapping at `path` names the file of a value, the key of that value. */
type StemOf = (path: Path, key: string) => string | undefined;

/**
 * `http.tokenFile` and `evidence.stateFile` are files that `start` may have to make. Two mappings have keys that users chose.
 * In `owners`, values are no text, so no key names a file.
 * In `heartbeat`, `nightlyFile` names the file of `nightly`, unless a schedule has that id.
 */
function stemsOf(raw: unknown): StemOf {
  const schedules = new Set(textsOf(raw, 'schedules', 'id').map(({ text }) => text));
  return ([top, ...deeper], key) => {
    if (top === 'owners' && deeper.length === 0) return undefined;
    if (ownFiles.includes([top, ...deeper, key].join('.'))) return undefined;
    if (top !== 'heartbeat' || deeper.length > 0) return fileKey.exec(key)?.[1];
    return schedules.has(key) ? undefined : namedFile.exec(key)?.[1];
  };
}

/** Secrets are short; the limit catches a device or a database that is named by mistake. */
const mostBytes = 64 * 1024;

interface FileWork extends Work {
  /** The files that were read and hold secrets. */
  readonly files: string[];
  readonly fileOf: Map<string, string>;
  readonly folder: string;
  readonly stemOf: StemOf;
}

async function putInFile(map: YAMLMap, pair: Pair, work: FileWork) {
  const key = pair.key;
  const stem = isScalar(key) ? work.stemOf(work.path, String(key.value)) : undefined;
  if (!isScalar(key) || stem === undefined) return;

  const read = map.has(stem)
    ? { wrong: `${stem} and ${stem}File cannot both be given` }
    : await readValue(pair.value, work, stem);
  const path = [...work.path, stem];
  if (read.wrong !== undefined && !isTold(work.faults, path)) {
    work.faults.push({ ...work.document.positionOf(key), path, message: read.wrong });
  }
  const value = isScalar(pair.value) ? pair.value : work.document.tree.createNode('');
  value.value = read.text ?? '';
  work.putIn.add(value);
  pair.value = value;
  if (map.has(stem)) map.delete(key.value);
  else key.value = stem;
}

/** Certificates are no secrets, so others may read their files. */
function isPublic(path: Path, stem: string): boolean {
  return path.join('.') === 'queue.tls' && stem !== 'key';
}

/** An unset variable makes the file's name empty too; this avoids a second mistake for it. */
function isTold(faults: readonly Fault[], path: Path): boolean {
  return faults.some((fault) => fault.path.join('.') === path.join('.'));
}

type ValueRead = { text: string; wrong?: undefined } | { text?: undefined; wrong: string };

async function readValue(
  node: unknown,
  { folder, files, fileOf, path: within }: FileWork,
  stem: string,
): Promise<ValueRead> {
  const file = isScalar(node) ? node.value : undefined;
  if (typeof file !== 'string' || file === '') return { wrong: 'must be the name of a file' };
  const path = resolve(folder, file);
  if (!isPublic(within, stem)) files.push(path);
  fileOf.set([...within, stem].join('.'), path);
  const read = await readText(path, mostBytes);
  return read.ok
    ? { text: read.text.replace(/[\r\n]+$/, '') }
    : { wrong: `the file ${quoted(file)} cannot be read: ${read.why}` };
}

/** The path of a node, from the ancestors that `visit` gives; a pair contributes its key. */
function pathOf(ancestors: readonly unknown[], node: unknown, stemOf: StemOf): Path {
  const path: (string | number)[] = [];
  ancestors.forEach((ancestor, index) => {
    const next = ancestors[index + 1] ?? node;
    if (isPair(ancestor)) {
      const key = String((ancestor.key as Scalar).value);
      // Mistakes are reported at the value, not at the key that names its file.
      path.push(stemOf(path, key) ?? key);
    } else if (hasItems(ancestor) && !isMap(ancestor)) path.push(ancestor.items.indexOf(next));
  });
  return path;
}

function hasItems(value: unknown): value is { items: unknown[] } {
  return typeof value === 'object' && value !== null && 'items' in value;
}
