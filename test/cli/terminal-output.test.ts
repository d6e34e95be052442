import { expect, test } from 'vitest';
import { tableOptions } from '../../src/cli/print-report.ts';
import { createProgressBar } from '../../src/cli/progress.ts';
import { collect } from './run.ts';

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
  return { env, cwd: '/', stdout, stderr: stdout, signal };
}

test('colours are for terminals, unless they are unwanted', () => {
  expect(tableOptions(terminal(true), options)).toEqual({ color: true, columns: 80 });
  expect(tableOptions(terminal(false), options)).toEqual({ color: false, columns: 120 });
  expect(tableOptions(terminal(true, { NO_COLOR: '1' }), options).color).toBe(false);
  expect(tableOptions(terminal(true, { NO_COLOR: '' }), options).color).toBe(true);
  expect(tableOptions(terminal(true), { ...options, color: false }).color).toBe(false);
  expect(tableOptions(terminal(true), { ...options, output: 'file' })).toEqual({
    color: false,
    columns: 120,
  });
});

function drawn(isTTY: boolean, enabled: boolean, color: boolean): string {
  const { stream, text } = collect();
  const bar = createProgressBar({ stderr: Object.assign(stream, { isTTY }) }, enabled, color);
  bar.note('waiting');
  bar.show(3, 7);
  bar.show(0, 0);
  bar.clear();
  return text();
}

test('progress is drawn on a terminal only, and not when it is to be quiet', () => {
  expect(drawn(true, true, true)).toContain('3/7 keys');
  expect(drawn(false, true, true)).toBe('');
  expect(drawn(true, false, true)).toBe('');
});

test('progress without colours holds none', () => {
  const colour = `${String.fromCharCode(27)}[3`;
  expect(drawn(true, true, true)).toContain(colour);
  expect(drawn(true, true, false)).not.toContain(colour);
});
