import { InvalidArgumentError, type Option } from 'commander';
import { type Severity, severities } from '../evaluate/policy/severity.ts';
import { option } from './command-entry.ts';

/** The options that several commands share. */
export interface OutputOptions {
  readonly explain?: boolean;
  readonly config?: string;
  readonly server?: string;
  readonly format: Format;
  readonly output?: string;
  readonly severity: Severity;
  readonly failOn: Severity;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** The options of a list, which does not judge: `--fail-on` has no default. */
export interface ListOptions extends Omit<OutputOptions, 'failOn' | 'format'> {
  readonly format: ListFormat;
  readonly failOn?: Severity;
}

const listFormats = ['table', 'json', 'csv'] as const;
export type ListFormat = (typeof listFormats)[number];
const formats = [...listFormats, 'html', 'sarif'] as const;
export type Format = (typeof formats)[number];

export const config = option(
  '--config <file>',
  'the configuration file (default: config/keysweep.yaml)',
);
export const server = option(
  '--server <url>',
  'ask this running keysweep, with the token of KEYSWEEP_TOKEN or KEYSWEEP_TOKEN_FILE',
);
export const quiet = option('--quiet', 'no notes on stderr', false);
export const noColor = option('--no-color', 'print without colours');
export const output = option(
  '--output <file>',
  'write the data to this file, pipe or device; - is stdout (default)',
).argParser(parseOutput);
export const explain = option(
  '--explain',
  'in a table, also say what to do about each rule (CSV, HTML and SARIF always do)',
  false,
);
export const noWorker = option('--no-worker', 'leave the work to another process');

/** For commands that list what has no severity. */
export const plainListOptions: readonly Option[] = printing(listFormats);

/** The same, for commands that may ask a server. */
export const askedListOptions: readonly Option[] = [...plainListOptions, server];

/** For commands that print a report. */
export const reportOptions: readonly Option[] = [...printing(formats), severityOption(), explain];

/** For commands that print a report, with an exit code that says what was found. */
export const verdictOptions: readonly Option[] = [
  ...reportOptions,
  server,
  failOn('exit 1 for an unwaived violation of this severity or above').default('low'),
];

export const backtestOptions: readonly Option[] = [
  ...printing(['table', 'json']),
  server,
  severityOption(),
  failOn('exit 1 when a violation of this severity or above would open').default('low'),
];

/** For commands that list what is kept. `severity`: what that option does there. */
export function listOptions(severity?: string): readonly Option[] {
  return [
    ...askedListOptions,
    severityOption(severity),
    failOn('exit 1 while an unwaived finding of this severity or above is open'),
  ];
}

function severityOption(about = 'leave out anything less severe'): Option {
  return option('--severity <severity>', about, 'info').choices(severities);
}

function failOn(about: string): Option {
  return option('--fail-on <severity>', about).choices(severities);
}

function printing(allowed: readonly Format[]): readonly Option[] {
  return [
    config,
    option('--format <format>', listOf(allowed, 'or'), 'table').argParser((text) =>
      parseFormat(text, allowed),
    ),
    output,
    option('--quiet', 'no progress and no notes on stderr', false),
    noColor,
  ];
}

function parseOutput(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must name a file, or be - for stdout.');
  return text;
}

function parseFormat(text: string, allowed: readonly Format[]): Format {
  const format = formats.find((known) => known === text);
  if (format !== undefined && allowed.includes(format)) return format;
  if (text === 'ocsf') throw new InvalidArgumentError('This format is not supported yet.');
  const only = format === undefined ? '' : `${format} is a format for reports only. `;
  throw new InvalidArgumentError(`${only}Allowed are ${listOf(allowed, 'and')}.`);
}

function listOf(words: readonly string[], last: string): string {
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
