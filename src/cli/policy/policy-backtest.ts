import { resolve } from 'node:path';
import type { WantedSweeps } from '../../backtest/read-sweeps.ts';
import { readPolicy } from '../../config/read-policy.ts';
import { renderMistakes } from '../../documents/mistake.ts';
import { parseDuration } from '../../evaluate/policy/duration.ts';
import { backtestExitCode } from '../../report/backtest/backtest-exit-code.ts';
import { renderBacktestJson } from '../../report/backtest/backtest-json.ts';
import type { BacktestCounts, BacktestSource } from '../../report/backtest/backtest-model.ts';
import { leaveOut } from '../../report/backtest/backtest-severity.ts';
import { renderBacktestTable } from '../../report/backtest/backtest-table.ts';
import { checkConfig } from '../config/load-config.ts';
import type { OutputOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { parseId } from '../parse-option.ts';
import { type ChosenStore, chooseServer, storeOf } from '../server/choose-store.ts';
import { createProgressBar } from '../sweep/progress.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';

export interface BacktestOptions extends Omit<OutputOptions, 'format'> {
  readonly format: 'table' | 'json';
  /** The policy of the configuration, or of the server, unless given. */
  readonly policy?: string;
  readonly sweep?: string;
  readonly since?: string;
}

/** `keysweep policy backtest`: what another policy would have said of sweeps that are kept. */
export async function runPolicyBacktest(
  terminal: Terminal,
  options: BacktestOptions,
): Promise<ExitCode> {
  const sweeps = wantedBy(options);
  const { store, policy } = await readFiles(terminal, options);
  const { operations, detach } = await store.open();
  try {
    const source = await operations.backtest({ policy, sweeps });
    if (source === undefined) throw new CommandFailed(absent(sweeps, options.since));
    return await print(terminal, source, options).finally(() => source.close());
  } finally {
    await detach();
  }
}

async function print(
  terminal: Terminal,
  source: BacktestSource,
  options: BacktestOptions,
): Promise<ExitCode> {
  const counts = await count(terminal, source, options);
  const shown = leaveOut(source, options.severity);
  const pieces =
    options.format === 'json'
      ? renderBacktestJson(shown, counts)
      : renderBacktestTable(shown, counts, tableOptions(terminal, options));
  await writeOutput(terminal, pieces, options.output);
  return backtestExitCode(counts, options.failOn);
}

function wantedBy({ sweep, since }: BacktestOptions): WantedSweeps {
  if (sweep !== undefined && since !== undefined) {
    throw new CommandFailed('--sweep and --since cannot both be given');
  }
  if (sweep !== undefined) return { kind: 'one', id: parseId('sweep', sweep) };
  if (since === undefined) return { kind: 'last' };
  const ms = parseDuration(since);
  if (ms !== undefined) return { kind: 'since', ms };
  throw new CommandFailed(
    `--since ${JSON.stringify(since)}: must be a whole, positive duration such as 12h, 30d or 2w`,
  );
}

interface FilesRead {
  readonly store: ChosenStore;
  /** Undefined for the policy that a server has. */
  readonly policy: string | undefined;
}

/** Reports mistakes of the configuration and of the policy together. */
async function readFiles(terminal: Terminal, options: BacktestOptions): Promise<FilesRead> {
  const { policy, config, quiet } = options;
  const read = policy === undefined ? undefined : await readGiven(policy, terminal.cwd);
  const server = await chooseServer(terminal, options);
  const checked = server ? undefined : await checkConfig(terminal, config, { quiet });
  // The policy may be the one that the configuration names: each mistake is said once.
  const wrong = new Set([...(checked?.wrong ?? []), ...(read?.wrong ?? [])]);
  const loaded = checked?.loaded;
  const store = server ?? (loaded && storeOf(loaded, terminal));
  if (store === undefined || wrong.size > 0) throw new CommandFailed([...wrong].join('\n'));
  return { store, policy: read?.text ?? loaded?.config.policy.text };
}

async function readGiven(file: string, cwd: string) {
  const { policy, mistakes, unreadable } = await readPolicy(resolve(cwd, file), cwd);
  if (unreadable !== undefined) return { wrong: [`${file}: ${unreadable}`] };
  return { text: policy?.text, wrong: renderMistakes(mistakes) };
}

/** Counting takes seconds for each 100,000 keys. */
async function count(
  terminal: Terminal,
  source: BacktestSource,
  options: BacktestOptions,
): Promise<BacktestCounts> {
  const bar = createProgressBar(terminal, options);
  const counting = source.count();
  try {
    for (;;) {
      const { done, value } = await counting.next();
      if (done === true) return value;
      terminal.signal.throwIfAborted();
      bar.show(...value);
    }
  } finally {
    bar.clear();
  }
}

function absent(sweeps: WantedSweeps, since: string | undefined): string {
  if (sweeps.kind === 'one')
    return `no closed sweep has an id that begins with ${JSON.stringify(sweeps.id)}; keysweep sweeps list shows them`;
  if (sweeps.kind === 'since')
    return `no full sweep that was opened in the last ${since} is closed`;
  return 'no full sweep has been closed yet; keysweep sweep runs one';
}
