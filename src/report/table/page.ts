import { createPaints, type Paints } from './paints.ts';
import type { TableOptions } from './table.ts';
import { wrap } from './wrap.ts';

/** Renders Markdown for a terminal. Supports only what the rule pages use. */
export function renderMarkdown(text: string, { color, columns }: TableOptions): string {
  const style = { paints: createPaints(color), columns: Math.min(columns, widest) };
  const lines: string[] = [];
  let inCode = false;
  for (const line of text.replace(tableHead, '').split('\n')) {
    if (line.startsWith('```')) inCode = !inCode;
    else lines.push(...(inCode ? [style.paints.dim(`  ${line}`)] : renderLine(line, style)));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Matches a table's heading lines. Rows become list items, which have no headings. */
const tableHead = /^\|.*\|\n\|[\s:|-]+\|\n/gm;

/** Longer lines are hard to read, even on a wide terminal. */
const widest = 100;

interface Style {
  readonly paints: Paints;
  readonly columns: number;
}

function renderLine(line: string, style: Style): readonly string[] {
  const heading = /^(#+) (.*)$/.exec(line);
  if (heading !== null) {
    const words = heading[1] === '#' ? (heading[2] ?? '').toUpperCase() : (heading[2] ?? '');
    return wrap(plain(words), style.columns).map(style.paints.bold);
  }
  if (line.startsWith('|')) return renderRow(line, style);
  const item = /^(\s*- )(.*)$/.exec(line);
  if (item !== null) return hang(item[1] ?? '', item[2] ?? '', style);
  return emphasize(wrap(plain(line), style.columns), style);
}

/**
 * Renders a table row as a list item with a bold first cell: tables are too wide for narrow
 * terminals.
 */
function renderRow(line: string, style: Style): readonly string[] {
  const [first = '', ...others] = line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
  const name = first.replaceAll('`', '');
  return hang('- ', `**${name}**: ${others.join('. ').replaceAll('..', '.')}`, style);
}

function hang(mark: string, text: string, style: Style): readonly string[] {
  const room = style.columns - mark.length;
  return emphasize(wrap(plain(text), room), style).map(
    (part, at) => (at === 0 ? mark : ' '.repeat(mark.length)) + part,
  );
}

/** Removes links but keeps their text. */
function plain(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('\\|', '|');
}

type Mark = '**' | '`';

/** Paints bold text and code, also across line ends, and removes their marks. */
function emphasize(lines: readonly string[], { paints }: Style): readonly string[] {
  let open: Mark | undefined;
  const paintPart = (part: string) => {
    if (!turns(part, open)) return paintInside(part, open, paints);
    open = open === undefined ? part : undefined;
    return '';
  };
  return lines.map((line) =>
    line
      .split(/(\*\*|`)/)
      .map(paintPart)
      .join(''),
  );
}

/** Whether a part is a mark that opens or closes emphasis. */
function turns(part: string, open: Mark | undefined): part is Mark {
  return (part === '**' || part === '`') && (open ?? part) === part;
}

function paintInside(text: string, open: Mark | undefined, paints: Paints): string {
  if (open === undefined || text === '') return text;
  return open === '`' ? paints.severity.low(text) : paints.bold(text);
}
