import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Bench } from './define-bench.ts';
import { judge } from './judge.ts';
import { parseOptions } from './option.ts';
import { renderTable } from './render-lines.ts';

const write = (text: string) => process.stdout.write(text);
const say = (line: string) => process.stderr.write(`${line}\n`);

/** Runs one bench and prints what it found. Returns whether all aims were reached. */
export async function runBench(bench: Bench, args: readonly string[]): Promise<boolean> {
  const { values, json } = parseOptions(bench.options, args);
  const ready = bench.prepare(values);
  // Before the bench: its own work is no reason to distrust the figures, other work is.
  const machine = describeMachine();
  const lines = judge(ready.aims, await ready.run(say));
  for (const { figure, leftOut } of lines) {
    if (leftOut !== undefined) say(`LEFT OUT: ${figure}: ${leftOut}`);
  }
  if (json) {
    for (const line of lines)
      write(`${JSON.stringify({ bench: bench.name, ...line, options: values, machine })}\n`);
  } else {
    write(`${bench.name}: ${bench.about}\n`);
    write(`${renderValues(values)}; ${machine}\n\n${renderTable(lines)}`);
  }
  return lines.every(({ reached }) => reached !== false);
}

const renderValues = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values)
    .map(([name, value]) => `--${name} ${value}`)
    .join(' ');

function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const load = loadavg()[0]?.toFixed(1);
  return `${availableParallelism()} × ${model}, Node ${process.versions.node}, load ${load} before`;
}
