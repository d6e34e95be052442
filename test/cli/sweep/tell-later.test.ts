import { expect, test } from 'vitest';
import { tellLater } from '../../../src/cli/sweep/tell-later.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const stderr = { isTTY, write: (text: string) => written.push(text) > 0 };
  return { terminal: { stderr } as unknown as Terminal, written };
}

test('lines of alerts come after the report, and at once from then on', () => {
  const { terminal: at, written } = terminal(true);
  const later = tellLater(at);
  later?.tell('one');
  expect(written).toEqual([]);
  later?.show();
  later?.tell('two');
  later?.show();
  expect(written).toEqual(['one\n', 'two\n']);
});

test('in a pipe, nobody reads along', () => {
  expect(tellLater(terminal(false).terminal)).toBeUndefined();
});
