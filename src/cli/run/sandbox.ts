import { runSandbox } from '../../sandbox/command.ts';
import { type ExitCode, say, type Terminal } from '../terminal.ts';

export interface SandboxCommandOptions {
  readonly port: number;
  readonly fleet?: string;
  readonly fault: readonly string[];
}

/** `keysweep sandbox`: runs until it is stopped. */
export async function runSandboxCommand(
  terminal: Terminal,
  { port, fleet, fault }: SandboxCommandOptions,
): Promise<ExitCode> {
  await runSandbox({
    port,
    faults: fault,
    signal: terminal.signal,
    say: (line) => say(terminal, line),
    ...(fleet === undefined ? {} : { fleetFile: fleet }),
  });
  return 0;
}
