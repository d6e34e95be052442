import { expect, test } from 'vitest';
import { renderMarkdown } from '../../../src/report/table/page.ts';

const page = `# stale

Fails when a **key** has been \`idle\`; see [the other](other.md).

\`\`\`yaml
- { id: a }   # as it is
\`\`\`

- an item that is longer than the line is and goes on

| control | why |
| --- | --- |
| \`CIS\` 1.12 | It asks \`so\`. |
`;

test('a page is laid out to the width, without its marks', () => {
  expect(renderMarkdown(page, { color: false, columns: 40 })).toBe(`STALE

Fails when a key has been idle;
see the other.

  - { id: a }   # as it is

- an item that is longer than the line
  is and goes on

- CIS 1.12: It asks so.
`);
});

test('words stay painted over the end of a line', () => {
  const esc = String.fromCharCode(27);
  const painted = renderMarkdown('**one two**', { color: true, columns: 5 });
  expect(painted).toBe(`${esc}[1mone${esc}[22m\n${esc}[1mtwo${esc}[22m\n`);
});

test('a terminal of no width comes to an end', () => {
  expect(renderMarkdown(page, { color: false, columns: 0 })).toContain('S\nT\nA\nL\nE');
});
