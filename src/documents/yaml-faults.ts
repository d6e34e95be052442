import {
  type Document,
  isCollection,
  isScalar,
  type Node,
  visit,
  type YAMLError,
  type YAMLWarning,
} from 'yaml';
import { type Fault, fileStart, type Position } from './mistake.ts';

type ParserFault = YAMLError | YAMLWarning;
type At = (offset: number) => Position;

/** Messages for the parser's error codes; where a code is ambiguous, its message decides. */
const words: readonly (readonly [code: string, message: RegExp, words: string])[] = [
  ['DUPLICATE_KEY', /^/, 'this key is given twice'],
  ['TAG_RESOLVE_FAILED', /^/, 'tags are not allowed'],
  ['MULTIPLE_DOCS', /^/, 'a second document begins here; only one is allowed'],
  ['NON_STRING_KEY', /^/, 'a key must be text'],
  ['TAB_AS_INDENT', /^/, 'a tab is not allowed as indentation; use spaces'],
  ['BAD_INDENT', /^Flow /, 'this bracket must be indented further than the key it belongs to'],
  ['BAD_INDENT', /^/, 'the indentation is wrong: it must be that of the entries around it'],
  ['MISSING_CHAR', /^Implicit map keys/, 'after a key there must be a colon and a space'],
  ['MISSING_CHAR', /^/, 'a bracket, quote, comma or colon is missing'],
  ['BLOCK_IN_FLOW', /^/, 'between entries inside brackets there must be a comma; one is missing'],
  [
    'BLOCK_AS_IMPLICIT_KEY',
    /^/,
    'a value that holds a colon and a space must stand in quotes; or the line below is indented too far',
  ],
  ['MULTILINE_IMPLICIT_KEY', /^/, 'after a key there must be a colon and a space, on its line'],
  ['BAD_SCALAR_START', /^/, 'a value that begins with @, ` or % must stand in quotes'],
  [
    'BAD_DQ_ESCAPE',
    /^/,
    'in double quotes a backslash begins an escape, but this is not a known one; use single quotes or two backslashes',
  ],
  ['UNEXPECTED_TOKEN', /flow-(map|seq)-end/, 'this bracket has no opening bracket'],
  [
    'UNEXPECTED_TOKEN',
    /^/,
    'this does not belong here: a quote, a comma or the indentation before it is wrong',
  ],
  ['RESOURCE_EXHAUSTION', /^/, 'is nested too deeply'],
];

/** These faults are independent; after any other fault, most of the rest are its consequences. */
const independent = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'NON_STRING_KEY']);

/** The syntax faults, in messages that never quote the text. */
export function syntaxFaults(tree: Document.Parsed, text: string, at: At): Fault[] {
  const found: ParserFault[] = [...tree.errors, ...tree.warnings];
  const broken = found.find(({ code }) => !independent.has(code));
  const kept = broken === undefined ? found : [broken];
  const faults = kept.map((one) => ({ path: [], ...describe(one, tree, text, at) }));
  if (tree.directives.yaml.version !== '1.2') {
    faults.push({ ...fileStart, path: [], message: 'must be YAML 1.2' });
  }
  return faults;
}

function describe(found: ParserFault, tree: Document.Parsed, text: string, at: At) {
  const unclosed = describeUnclosed(found, tree, text, at);
  if (unclosed !== undefined) return unclosed;
  const known = words.find(([code, form]) => code === found.code && form.test(found.message));
  return { ...at(found.pos[0]), message: known?.[2] ?? 'this is not valid YAML' };
}

const closers: Readonly<Record<string, string>> = { '{': '}', '[': ']', '"': '"', "'": "'" };

/** Reports an unclosed bracket or quote where it opens; the parser notices it much later. */
function describeUnclosed(
  { code, message, pos }: ParserFault,
  tree: Document,
  text: string,
  at: At,
) {
  const [end] = pos;
  const mayBe = /^(Flow|Missing closing)/.test(message);
  if (!mayBe || (code !== 'BAD_INDENT' && code !== 'MISSING_CHAR')) return undefined;
  const opens = lastToEnd(tree, end);
  const opener = text[opens] ?? '';
  const closer = closers[opener];
  if (closer === undefined || text[end] === closer) return undefined;
  const { line, column } = at(end);
  const missing = `this ${opener} is not closed: a ${closer} is missing`;
  return { ...at(opens), message: `${missing} before ${line}:${column}` };
}

/** Where the innermost bracket or quote opens, of those that the parser read up to `end`. */
function lastToEnd(tree: Document, end: number): number {
  let last = -1;
  visit(tree, {
    Node(_key, node) {
      const [start, valueEnd] = node.range ?? [];
      if (start !== undefined && valueEnd === end && opens(node)) last = Math.max(last, start);
    },
  });
  return last;
}

function opens(node: Node): boolean {
  if (isCollection(node)) return node.flow === true;
  return isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
}
