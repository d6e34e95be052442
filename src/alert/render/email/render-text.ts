import { checkpointHeading } from '../describe.ts';
import type { Letter, LetterEntry } from './letter.ts';

const labelWidth = 13;

/** Renders the letter for programs that show no HTML. */
export function renderText({ heading, lines, sections, notes, checkpoint }: Letter): string {
  const blocks = [
    [heading, ...lines].join('\n'),
    ...sections.flatMap(({ title, entries }) => [
      `${title.toUpperCase()}\n${'-'.repeat(title.length)}`,
      ...entries.map(renderEntry),
    ]),
    ['--', ...notes].join('\n'),
  ];
  const text = `${(notes.length === 0 ? blocks.slice(0, -1) : blocks).join('\n\n')}\n`;
  return checkpoint === undefined ? text : `${text}\n${checkpointHeading}\n${checkpoint}`;
}

function renderEntry({ severity, title, message, facts }: LetterEntry): string {
  const head = severity === null ? title : `[${severity.toUpperCase()}] ${title}`;
  const rows = facts.map(({ label, value }) => `  ${`${label}:`.padEnd(labelWidth)}${value}`);
  return [head, ...(message === '' ? [] : [`  ${message}`]), ...rows].join('\n');
}
