import { readPlainText, readPlainValue } from './yaml-plain-value.ts';

type Row = Record<string, string | null | readonly string[]>;

const names = '(source|keyId|owner|environment|approvedScopes|tags)';
/** `  source: prod` */
const fieldLine = new RegExp(`^( +)(?:${names}|"${names}"):(?: +(.+))?$`);
/** `- customers:read` */
const entryLine = /^( +)- +(.+)$/;
/** `- { source: prod, keyId: a }` */
const flowLine = /^- +\{ *(.*?) *\}$/;
const flowField = new RegExp(
  `(?:${names}: +|"${names}" *: *)(\\[[^[\\]{}]*\\]|[^,[\\]{}]*?) *(?:, *|$)`,
  'gy',
);

/**
 * A row of a list in YAML that is written the way nearly all are: known fields, each once, with texts
 * and lists of texts on lines of their own or all in braces on one line. Undefined for any other:
 * what is not read here may well be right, but what is read is what YAML means by it.
 */
export function readPlainRow(text: string): Row | undefined {
  const lines = text
    .split('\n')
    .map(stripLine)
    .filter((line) => line !== '');
  const flow = lines.length === 1 ? flowLine.exec(lines[0] ?? '')?.[1] : undefined;
  return flow === undefined ? readBlock(lines) : readFlow(flow);
}

/** A line without its comment and the space at its end. */
function stripLine(line: string): string {
  const said = line.includes('#') ? line.replace(/(?:^| +)#.*$/, '') : line;
  return /[ \r]$/.test(said) ? said.replace(/ *\r?$/, '') : said;
}

function readBlock([first = '', ...others]: readonly string[]): Row | undefined {
  const block: Block = { row: {}, indent: /^- +/.exec(first)?.[0].length ?? 0, list: undefined };
  // To the fields the dash of a row is space.
  const lines = [first.replace(/^-/, ' '), ...others];
  const isPlain = lines.every((line) => readField(block, line) || readEntry(block, line));
  return isPlain ? block.row : undefined;
}

interface Block {
  readonly row: Row;
  /** Of all its fields. */
  readonly indent: number;
  /** What goes on, or may begin, with the next line. */
  list: OpenList | undefined;
}

interface OpenList {
  readonly name: string;
  readonly texts: string[];
  /** Of its first entry; before that the least that it may have. */
  indent: number;
}

function readField(block: Block, line: string): boolean {
  const [, space, bare, quoted, said] = fieldLine.exec(line) ?? [];
  const name = bare ?? quoted;
  if (name === undefined || space?.length !== block.indent) return false;
  block.list = said === undefined ? { name, texts: [], indent: block.indent } : undefined;
  return addField(block.row, name, said);
}

function readEntry({ row, list }: Block, line: string): boolean {
  const [, space, said] = entryLine.exec(line) ?? [];
  if (list === undefined || space === undefined || said === undefined) return false;
  const text = readPlainText(said);
  const fits = list.texts.length > 0 ? space.length === list.indent : space.length >= list.indent;
  if (typeof text !== 'string' || !fits) return false;
  list.indent = space.length;
  list.texts.push(text);
  row[list.name] = list.texts;
  return true;
}

function readFlow(said: string): Row | undefined {
  const row: Row = {};
  let end = 0;
  for (const [field, bare, quoted, value = ''] of said.matchAll(flowField)) {
    if (!addField(row, bare ?? quoted ?? '', value)) return undefined;
    end += field.length;
  }
  return end === said.length ? row : undefined;
}

/** Adds what a field says, or nothing; false when that is not plain or the field is there already. */
function addField(row: Row, name: string, said: string | undefined): boolean {
  const value = said === undefined ? null : readPlainValue(said);
  if (value === undefined || row[name] !== undefined) return false;
  row[name] = value;
  return true;
}
