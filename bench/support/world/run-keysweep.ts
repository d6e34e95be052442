import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The built command: `npm run bench` builds it first. */
const program = join(process.cwd(), 'dist', 'src', 'main.js');

/** A folder with the configuration of a keysweep; its store is migrated. */
export interface World {
  readonly folder: string;
  readonly configFile: string;
  close(): Promise<void>;
}

type Place = Pick<World, 'configFile'>;

/** 0: nothing broke a rule; 1: something did; 3: something is unknown. All of them are answers. */
const answers: readonly unknown[] = [0, 1, 3];

/** Runs `keysweep ARGS` to its end and returns its output. `seen` gets its process id. */
export async function runKeysweep(
  place: Place,
  args: readonly string[],
  seen: (pid: number) => void = () => undefined,
): Promise<string> {
  const running = launch(place, args);
  seen(running.child.pid ?? 0);
  const [code] = await once(running.child, 'close');
  if (!answers.includes(code)) {
    throw new Error(`keysweep ${args.join(' ')} ended with ${code}: ${running.stderr()}`);
  }
  return running.stdout();
}

/** A `keysweep start` that is ready. */
export interface Started {
  readonly pid: number;
  /** Where its HTTP server listens, if it has that role. */
  readonly port: number | null;
  /** From the start of the process until it said that it is ready. */
  readonly readyMs: number;
  /** As an operator stops it. */
  close(): Promise<void>;
}

export async function startKeysweep(place: Place, args: readonly string[]): Promise<Started> {
  const startedAt = performance.now();
  const { child, stderr } = launch(place, ['start', ...args]);
  const ended = once(child, 'close');
  let line: string | undefined;
  while (line === undefined) {
    if (child.exitCode !== null) throw new Error(`keysweep start ended: ${stderr()}`);
    await sleep(5);
    line = readyLine(stderr());
  }
  const { port = null } = JSON.parse(line) as { port?: number };
  return {
    ...{ pid: child.pid ?? 0, port, readyMs: performance.now() - startedAt },
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const readyLine = (log: string) =>
  log.split('\n').find((line) => line.endsWith('}') && line.includes('"keysweep is ready"'));

function launch({ configFile }: Place, args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    // No DATABASE_URL and no REDIS_URL: the world says where its store and queue are.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], KEYSWEEP_CONFIG: configFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // The end is enough to tell why it failed; a log of hours is not kept.
    written.stderr = (written.stderr + text).slice(-100_000);
  });
  return { child, stdout: () => written.stdout, stderr: () => written.stderr };
}
