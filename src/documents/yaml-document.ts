import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml';
import { type Fault, fileStart, type Path, type Position } from './mistake.ts';
import { offsetInScalar } from './offset-in-scalar.ts';
import { syntaxFaults } from './yaml-faults.ts';

/** A YAML (or JSON) document that knows the positions of its values. */
export interface YamlDocument {
  /** The tree, in which callers may replace values; `toValue` then gives these. */
  readonly tree: Document;
  /** Plain objects, lists and scalars. */
  toValue(): unknown;
  /** The position of the value at a path, or of its key; if absent, of what should hold it. */
  locate(path: Path, aim?: 'key' | 'value'): Position;
  /** The position of a character in the text at a path, with any quotes or indentation. */
  locateInside(path: Path, offset: number): Position;
  positionOf(node: Node): Position;
}

export type YamlRead =
  | { readonly ok: true; readonly document: YamlDocument }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Limits aliases, because a short text could expand to a huge value. */
const mostAliases = 100;

/**
 * Reads strict YAML 1.2: one document, unique text keys, no tags, no merge keys. Returns all faults
 * that it finds, and never quotes the text, which may hold a secret. If the text is a part of a
 * file, `start` is where it begins.
 */
export function readYaml(text: string, start: Position = fileStart): YamlRead {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    const inside = { line: Math.max(line, 1), column: Math.max(col, 1) };
    return shift(inside, start);
  };
  const tree = parseTree(text, lines);
  if (tree === undefined) return refuse({ ...start, message: 'is nested too deeply' });
  const faults = [
    ...syntaxFaults(tree, text, at),
    ...aliasFaults(tree, at),
    ...mergeKeyFaults(tree, at),
  ];
  if (faults.length > 0) return { ok: false, faults };
  if (tree.contents === null) return refuse({ ...start, message: 'is empty' });
  if (!canExpand(tree)) return refuse({ ...start, message: 'has too many aliases' });

  const positionOf = (node: Node) => at(node.range?.[0] ?? 0);
  return {
    ok: true,
    document: {
      tree,
      toValue: () => tree.toJS({ maxAliasCount: mostAliases }),
      locate: (path, aim = 'value') => positionOf(find(tree, path, aim)),
      locateInside: (path, offset) => {
        const found = find(tree, path, 'value');
        const node = isAlias(found) ? (found.resolve(tree) ?? found) : found;
        return isScalar(node) ? at(offsetInScalar(text, node, offset)) : positionOf(node);
      },
      positionOf,
    },
  };
}

function shift({ line, column }: Position, start: Position): Position {
  return line === 1
    ? { line: start.line, column: start.column + column - 1 }
    : { line: start.line + line - 1, column };
}

function refuse(fault: Omit<Fault, 'path'>): YamlRead {
  return { ok: false, faults: [{ ...fault, path: [] }] };
}

function parseTree(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      schema: 'core',
      resolveKnownTags: false,
      stringKeys: true,
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function aliasFaults(tree: Document.Parsed, at: (offset: number) => Position): Fault[] {
  const faults: Fault[] = [];
  const fault = (node: Alias, message: string) =>
    faults.push({ ...at(node.range?.[0] ?? 0), path: [], message });
  visit(tree, {
    Alias: (_key, node, path) => {
      const meant = node.resolve(tree);
      if (meant === undefined) fault(node, 'this alias names nothing');
      else if (path.includes(meant)) fault(node, 'this alias stands inside what it names');
    },
  });
  return faults;
}

/** YAML 1.2 has no merge keys, so `<<` would be an ordinary key with a strange name. */
function mergeKeyFaults(tree: Document.Parsed, at: (offset: number) => Position): Fault[] {
  const faults: Fault[] = [];
  visit(tree, {
    Pair: (_key, { key }) => {
      if (!isScalar(key) || key.value !== '<<' || key.type !== 'PLAIN') return;
      const place = at(key.range?.[0] ?? 0);
      faults.push({ ...place, path: ['<<'], message: noMergeKeys });
    },
  });
  return faults;
}

const noMergeKeys =
  'merge keys are not allowed; write the keys out, or use an alias (*name) for a whole value';

function canExpand(tree: Document.Parsed): boolean {
  try {
    tree.toJS({ maxAliasCount: mostAliases });
    return true;
  } catch {
    return false;
  }
}

/** The node at a path. If the path ends early: the key of the deepest node found, or that node. */
function find(tree: Document, path: Path, aim: 'key' | 'value'): Node {
  let node = tree.contents as Node;
  let key: Node | undefined;
  for (const step of path) {
    const next = child(tree, node, step);
    if (next === undefined) return key ?? node;
    ({ node, key } = next);
  }
  return aim === 'key' ? (key ?? node) : node;
}

function child(tree: Document, parent: Node, step: string | number) {
  const holder = isAlias(parent) ? parent.resolve(tree) : parent;
  if (isSeq(holder) && typeof step === 'number') {
    const node = holder.items[step] as ParsedNode | undefined;
    return node === undefined ? undefined : { node, key: undefined };
  }
  if (!isMap(holder)) return undefined;
  const pair = holder.items.find((item) => isKey(item, step));
  if (pair === undefined) return undefined;
  return { node: (pair.value ?? pair.key) as Node, key: pair.key as Node };
}

function isKey(item: unknown, step: string | number): item is Pair {
  return isPair(item) && isScalar(item.key) && item.key.value === step;
}
