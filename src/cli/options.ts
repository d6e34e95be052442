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

const formats = ['table', 'json'] as const;
export type Format = (typeof formats)[number];
const laterFormats = ['csv', 'html', 'sarif'];

export function withConfig(command: Command): Command {
  return command.option('--config <file>', 'the configuration (default: config/keysweep.yaml)');
}

/** Adds the flags of commands that print data. */
export function withOutput(command: Command): Command {
  return withConfig(command)
    .addOption(
      new Option('--format <format>', 'table or json').default('table').argParser(parseFormat),
    )
    .option('--output <file>', 'write the data to a file instead of stdout')
    .addOption(
      new Option('--severity <severity>', 'leave out what is less severe')
        .choices(severities)
        .default('info'),
    )
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

function parseFormat(text: string): Format {
  const format = formats.find((known) => known === text);
  if (format !== undefined) return format;
  if (laterFormats.includes(text)) throw new InvalidArgumentError(`${text} is not supported yet.`);
  throw new InvalidArgumentError(`Allowed are ${formats.join(' and ')}.`);
}
