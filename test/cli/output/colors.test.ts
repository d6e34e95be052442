import { expect, test } from 'vitest';
import { tableOptions } from '../../../src/cli/output/table-options.ts';
import { createProgressBar } from '../../../src/cli/sweep/progress.ts';
import { collect, nobody } from '../run.ts';

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
  expect(drawn(true, false, true, { NO_COLOR: '' })).toContain(colour);
  expect(drawn(true, false, true, { FORCE_COLOR: '0' })).not.toContain(colour);
});

test('progress is not drawn where the cursor must not move', () => {
  for (const still of [{ NO_COLOR: '1' }, { TERM: 'dumb' }, { TERM: 'dumb', FORCE_COLOR: '1' }]) {
    expect(drawn(true, false, true, still)).toBe('');
  }
  expect(drawn(false, false, true, { FORCE_COLOR: '1' })).toBe('');
});

test.each([
  [true, {}, true],
  [true, { TERM: 'xterm' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: 'true' }, true],
  [false, { FORCE_COLOR: '3' }, true],
  [false, { FORCE_COLOR: '' }, false],
  [true, { FORCE_COLOR: '' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: 'false' }, false],
  [true, { TERM: 'dumb', FORCE_COLOR: '1' }, true],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  [false, { NO_COLOR: '', FORCE_COLOR: '1' }, true],
  [true, { NO_COLOR: '0' }, false],
])('a terminal (%s) with %j has colours: %s', (isTTY, env, color) => {
  expect(tableOptions(terminal(isTTY, env), options).color).toBe(color);
  expect(tableOptions(terminal(isTTY, env), { ...options, color: false }).color).toBe(false);
  expect(tableOptions(terminal(isTTY, env), { ...options, output: 'file' }).color).toBe(false);
});

test('a note is cut to the line of the terminal, which could not be drawn over otherwise', () => {
  const { stream, text } = collect();
  const stderr = Object.assign(stream, { isTTY: true, columns: 20 });
  createProgressBar({ stderr, env: {} }, { quiet: false, color: false }).note(
    '0123456789'.repeat(3),
  );
  expect(text()).toMatch(/K012345678901234567…$/);
});
