import type { Child } from 'hono/jsx';
import { showHidden } from '../../../report/safe-text.ts';
import { Wide } from '../parts/wide.tsx';
import { type Block, parseBlocks } from './parse-markdown.ts';

/** Renders Markdown as HTML. Supports only what the rule pages use. */
export function Markdown({ text }: { text: string }) {
  return (
    <>
      {parseBlocks(text).map((block, at) => (
        <MarkdownBlock block={block} at={at} />
      ))}
    </>
  );
}

function MarkdownBlock({ block, at }: { block: Block; at: number }) {
  switch (block.kind) {
    case 'heading':
      return (
        <h2>
          <Inline text={block.text} />
        </h2>
      );
    case 'paragraph':
      return (
        <p>
          <Inline text={block.text} />
        </p>
      );
    case 'code':
      return (
        <pre>
          <code>{showHidden(block.text).replaceAll('\\u{a}', '\n')}</code>
        </pre>
      );
    case 'list':
      return (
        <ul>
          {block.items.map((item) => (
            <li>
              <Inline text={item} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <MarkdownTable name={`Table ${at}`} head={block.head} rows={block.rows} />;
  }
}

interface TableProps {
  /** For screen readers: no two tables of a page have the same. */
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function MarkdownTable({ name, head, rows }: TableProps) {
  return (
    <Wide name={name}>
      <table>
        {head.every((cell) => cell === '') ? null : (
          <thead>
            <tr>
              {head.map((cell) => (
                <th scope="col">
                  <Inline text={cell} />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell) => (
                <td>
                  <Inline text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

const marks = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]*\]\([^)]*\))/;

/** Code, bold text and links; a link to a page of another rule leads to that rule here. */
function Inline({ text }: { text: string }) {
  return <>{text.split(marks).map((part): Child => renderPart(part))}</>;
}

function renderPart(part: string): Child {
  if (/^`[^`]+`$/.test(part)) return <code>{showHidden(part.slice(1, -1))}</code>;
  if (/^\*\*[^*]+\*\*$/.test(part)) return <strong>{showHidden(part.slice(2, -2))}</strong>;
  const link = /^\[([^\]]*)\]\(([a-z-]+)\.md\)$/.exec(part);
  if (link !== null) {
    return (
      <a href={`/policy/rules/${link[2]}`}>
        <Inline text={link[1] ?? ''} />
      </a>
    );
  }
  // Other links lead out of this program; their words are enough.
  return showHidden(part.replace(/^\[([^\]]*)\]\([^)]*\)$/, '$1'));
}
