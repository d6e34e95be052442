import { expect, test } from 'vitest';
import { tableOptions } from '../../src/cli/read/table-options.ts';
import { createProgressBar } from '../../src/cli/sweep/progress.ts';
import { collect, nobody } from './run.ts';

const options = {
  format: 'table',
  severity: 'info',
  failOn: 'low',
  quiet: false,
  color: true,
} as const;

function terminal(isTTY: boolean, env: Readonly<Record<string, string>> = {}) {
  const stdout = Object.assign(collect().stream, { isTTY, columns: 80 });
  const signal = new AbortController().signal;
  return { env, cwd: '/', stdin: nobody, stdout, stderr: stdout, signal };
}

test('colours are for terminals, unless they are unwanted', () => {
  expect(tableOptions(terminal(true), options)).toEqual({ color: true, columns: 80 });
  expect(tableOptions(terminal(false), options)).toEqual({ color: false, columns: 120 });
  expect(tableOptions(terminal(true, { NO_COLOR: '1' }), options).color).toBe(false);
  expect(tableOptions(terminal(true, { NO_COLOR: '' }), options).color).toBe(true);
  expect(tableOptions(terminal(true), { ...options, color: false }).color).toBe(false);
  const unsized = terminal(true);
  unsized.stdout.columns = 0;
  expect(tableOptions(unsized, options).columns).toBe(120);
  expect(tableOptions(terminal(true), { ...options, output: 'file' })).toEqual({
    color: false,
    columns: 120,
  });
});

function drawn(isTTY: boolean, quiet: boolean, color: boolean, env = {}, total = 7): string {
  const { stream, text } = collect();
  const terminal = { stderr: Object.assign(stream, { isTTY }), env };
  const bar = createProgressBar(terminal, { quiet, color });
  bar.note('waiting');
  bar.show(1, total);
  bar.show(0, 0);
  bar.clear();
  return text();
}

test('progress is drawn on a terminal only, and not when it is to be quiet', () => {
  expect(drawn(true, false, true)).toContain('1/7 keys');
  expect(drawn(true, false, true, {}, 1)).toContain('1/1 key ');
  expect(drawn(false, false, true)).toBe('');
  expect(drawn(true, true, true)).toBe('');
});

test('progress holds no colours where they are unwanted', () => {
  const colour = `${String.fromCharCode(27)}[3`;
  expect(drawn(true, false, true)).toContain(colour);
  expect(drawn(true, false, false)).not.toContain(colour);
  expect(drawn(true, false, true, { NO_COLOR: '1' })).not.toContain(colour);
  expect(drawn(true, false, true, { NO_COLOR: '' })).toContain(colour);
});

test('a note is cut to the line of the terminal, which could not be drawn over otherwise', () => {
  const { stream, text } = collect();
  const stderr = Object.assign(stream, { isTTY: true, columns: 20 });
  createProgressBar({ stderr, env: {} }, { quiet: false, color: false }).note(
    '0123456789'.repeat(3),
  );
  expect(text()).toMatch(/0123456789012345678$/);
});
