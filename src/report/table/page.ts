import { createPaints, type Paints } from './paints.ts';
import type { TableOptions } from './table.ts';
import { wrap } from './wrap.ts';

/** A page in Markdown, laid out for a terminal: as much of Markdown as the pages of rules use. */
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

/** The titles of a table: its rows become items of a list, which has none. */
const tableHead = /^\|.*\|\n\|[\s:|-]+\|\n/gm;

/** Longer lines are hard to read, however wide the terminal is. */
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

/** A row of a table as an item of a list, its first cell bold: tables do not fit narrow terminals. */
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

/** Without what only links: the words stay. */
function plain(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('\\|', '|');
}

type Mark = '**' | '`';

/** Bold words and code are painted, over the ends of lines too; their marks are left out. */
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

/** Whether a part is a mark that opens something, or closes what is open. */
function turns(part: string, open: Mark | undefined): part is Mark {
  return (part === '**' || part === '`') && (open ?? part) === part;
}

function paintInside(text: string, open: Mark | undefined, paints: Paints): string {
  if (open === undefined || text === '') return text;
  return open === '`' ? paints.severity.low(text) : paints.bold(text);
}
