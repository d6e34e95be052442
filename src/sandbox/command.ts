import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { renderCount } from '../text/render-count.ts';
import { createSandbox, sandboxCredentials } from './create-sandbox.ts';
import { type FleetKey, parseFleet } from './fleet-key.ts';
import { sampleFleet } from './sample-fleet.ts';
import { SandboxMisuse } from './sandbox-misuse.ts';

export interface SandboxCommand {
  readonly port: number;
  readonly host?: string;
  /** A JSON list of keys; the default is the sample fleet. */
  readonly fleetFile?: string;
  readonly faults: readonly string[];
  /** Ends the sandbox. */
  readonly signal: AbortSignal;
  /** Prints the lines that say where the sandbox listens. */
  readonly say: (line: string) => void;
}

/** Runs the sandbox until `signal` aborts. Throws SandboxMisuse for a bad option. */
export async function runSandbox(command: SandboxCommand): Promise<void> {
  const { port, host, faults, signal, say } = command;
  const fleet = await readFleet(command.fleetFile);
  const where = host === undefined ? { port } : { port, host };
  const sandbox = await createSandbox({ fleet, faults, ...where }).catch((error: unknown) => {
    throw misuseOf(error, port);
  });

  say(`sandbox: ${renderCount(sandbox.fleet.size, 'key')} at ${sandbox.url}`);
  say(`sandbox: appKey ${sandboxCredentials.appKey}, appSecret ${sandboxCredentials.appSecret}`);
  if (!signal.aborted) await once(signal, 'abort');
  await sandbox.close();
}

async function readFleet(file: string | undefined): Promise<readonly FleetKey[]> {
  if (file === undefined) return sampleFleet;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new SandboxMisuse(`fleet ${file}: cannot be read (${error.code})`);
  });
  return parseFleet(text);
}

/** Node's own error for a port in use has a stack that helps nobody. */
function misuseOf(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/^E[A-Z]+$/.test(code)) return error;
  return new SandboxMisuse(`sandbox: cannot listen on port ${port} (${code})`);
}
