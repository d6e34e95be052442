import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Severity, severities } from '../evaluate/policy.ts';

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
export type ListOptions = Omit<OutputOptions, 'failOn'> & Partial<Pick<OutputOptions, 'failOn'>>;

const formats = ['table', 'json'] as const;
export type Format = (typeof formats)[number];
const laterFormats = ['csv', 'html', 'sarif'];

export function withConfig(command: Command): Command {
  return command.option('--config <file>', 'the configuration (default: config/keysweep.yaml)');
}

/** Adds the flags of commands that print data. `severity`: what that flag does there. */
export function withOutput(command: Command, severity = 'leave out what is less severe'): Command {
  return withConfig(command)
    .addOption(
      new Option('--format <format>', 'table or json').default('table').argParser(parseFormat),
    )
    .option('--output <file>', 'write the data to a file instead of stdout')
    .addOption(new Option('--severity <severity>', severity).choices(severities).default('info'))
    .option('--quiet', 'no progress and no notes on stderr', false)
    .option('--no-color', 'no colours');
}

/** And those of commands that list what is kept. */
export function withList(command: Command, severity?: string): Command {
  return withOutput(command, severity).addOption(
    new Option(
      '--fail-on <severity>',
      'exit 1 while an unwaived finding this severe, or more so, is open',
    ).choices(severities),
  );
}

/** And those of commands whose exit code tells what was found. */
export function withVerdict(command: Command): Command {
  return withOutput(command).addOption(
    new Option('--fail-on <severity>', 'exit 1 for an unwaived violation this severe, or more so')
      .choices(severities)
      .default('low'),
  );
}

function parseFormat(text: string): Format {
  const format = formats.find((known) => known === text);
  if (format !== undefined) return format;
  if (laterFormats.includes(text)) throw new InvalidArgumentError(`${text} is not supported yet.`);
  throw new InvalidArgumentError(`Allowed are ${formats.join(' and ')}.`);
}
