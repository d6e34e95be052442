import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Severity, severities } from '../evaluate/policy/policy.ts';

/** The flags that several commands share. */
export interface OutputOptions {
  readonly config?: string;
  readonly format: Format;
  readonly output?: string;
  readonly severity: Severity;
  readonly failOn: Severity;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** Those of a list: it judges nothing, so `--fail-on` counts only where it is given. */
export interface ListOptions extends Omit<OutputOptions, 'failOn' | 'format'> {
  readonly format: ListFormat;
  readonly failOn?: Severity;
}

const listFormats = ['table', 'json', 'csv'] as const;
export type ListFormat = (typeof listFormats)[number];
const formats = [...listFormats, 'html', 'sarif'] as const;
export type Format = (typeof formats)[number];

export function withConfig(command: Command): Command {
  return command.option('--config <file>', 'the configuration (default: config/keysweep.yaml)');
}

/** Adds the flags of commands that print a report. */
export function withOutput(command: Command): Command {
  return withFormat(command, formats, 'leave out what is less severe');
}

/** Adds the flags of commands that list what is kept. `severity`: what that flag does there. */
export function withList(command: Command, severity = 'leave out what is less severe'): Command {
  return withFormat(command, listFormats, severity).addOption(
    new Option(
      '--fail-on <severity>',
      'exit 1 while an unwaived finding this severe, or more so, is open',
    ).choices(severities),
  );
}

/** Adds the flags of `policy backtest`. */
export function withBacktest(command: Command): Command {
  return withFormat(command, ['table', 'json'], 'leave out what is less severe').addOption(
    new Option(
      '--fail-on <severity>',
      'exit 1 where a violation this severe, or more so, would open',
    )
      .choices(severities)
      .default('low'),
  );
}

/** Adds the flags of lists of what has no severity. */
export function withPlainList(command: Command): Command {
  return withPrinting(command, listFormats);
}

function withFormat(command: Command, allowed: readonly Format[], severity: string): Command {
  return withPrinting(command, allowed).addOption(
    new Option('--severity <severity>', severity).choices(severities).default('info'),
  );
}

function withPrinting(command: Command, allowed: readonly Format[]): Command {
  const words = listOf(allowed, 'or');
  return withConfig(command)
    .addOption(
      new Option('--format <format>', words)
        .default('table')
        .argParser((text) => parseFormat(text, allowed)),
    )
    .option('--output <file>', 'write the data to a file instead of stdout')
    .option('--quiet', 'no progress and no notes on stderr', false)
    .option('--no-color', 'no colours');
}

/** And those of commands whose exit code tells what was found. */
export function withVerdict(command: Command): Command {
  return withOutput(command).addOption(
    new Option('--fail-on <severity>', 'exit 1 for an unwaived violation this severe, or more so')
      .choices(severities)
      .default('low'),
  );
}

function parseFormat(text: string, allowed: readonly Format[]): Format {
  const format = formats.find((known) => known === text);
  if (format !== undefined && allowed.includes(format)) return format;
  const only = format === undefined ? '' : `${format} is a format of reports, not of lists. `;
  throw new InvalidArgumentError(`${only}Allowed are ${listOf(allowed, 'and')}.`);
}

function listOf(words: readonly string[], last: string): string {
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
