/** A part of a page in Markdown. */
export type Block =
  | { readonly kind: 'heading' | 'paragraph' | 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

/** The blocks of a text, which lie apart by empty lines; code may hold some. */
export function parseBlocks(text: string): readonly Block[] {
  return text.split(/^(```[^\n]*\n[\s\S]*?\n```)$/m).flatMap((part): readonly Block[] => {
    const code = /^```[^\n]*\n([\s\S]*?)\n```$/.exec(part);
    if (code !== null) return [{ kind: 'code', text: code[1] ?? '' }];
    return part
      .split(/\n{2,}/)
      .map((block) => block.trim())
      .filter((block) => block !== '')
      .map(parseBlock);
  });
}

function parseBlock(block: string): Block {
  const heading = /^#+ (.*)$/.exec(block);
  if (heading !== null) return { kind: 'heading', text: heading[1] ?? '' };
  const lines = block.split('\n');
  if (lines.every((line) => line.startsWith('- '))) {
    return { kind: 'list', items: lines.map((line) => line.slice(2)) };
  }
  if (lines.length > 1 && lines.every((line) => line.startsWith('|'))) {
    const [head = [], , ...rows] = lines.map(cellsOf);
    return { kind: 'table', head, rows };
  }
  return { kind: 'paragraph', text: lines.join(' ') };
}

function cellsOf(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
