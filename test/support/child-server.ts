import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.ts';

/** A server that a test may stop, kill and start again. It keeps its port and its data. */
export interface OwnServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number | undefined;
  /** Ends it as an operator would; its data stays. */
  stop(): Promise<void>;
  /** SIGKILL: the server flushes nothing. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; resolves when it answers. */
  restart(): Promise<void>;
  /** Stops it and removes its data. Call it after the test. */
  close(): Promise<void>;
}

export interface ChildPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Throws or returns false while the server is not ready for work. */
  readonly isReady: () => Promise<boolean>;
}

export interface Child {
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  start(): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Runs a server program as a child. `start` resolves when it answers or throws its last output. */
export function childServer(plan: ChildPlan): Child {
  let running: ChildProcess | undefined;
  // A program that could not be started has no pid and no exit code.
  const alive = () =>
    running?.pid !== undefined && running.exitCode === null && running.signalCode === null;
  const kill = () => running?.kill('SIGKILL');
  // The runner sends SIGTERM to a worker whose test failed before it closed its server.
  const killAtSigterm = () => {
    kill();
    process.kill(process.pid, 'SIGTERM');
  };

  async function start(): Promise<void> {
    const deadline = performance.now() + 5_000;
    for (;;) {
      const output: string[] = [];
      running = launch(plan, output);
      const ready = await answers(plan, alive);
      if (ready) break;
      await end('SIGKILL');
      // Tries again, because a killed server may hold its memory or port for a moment.
      if (performance.now() > deadline) {
        throw new Error(`${plan.program} did not start:\n${output.join('').slice(-2_000)}`);
      }
      await sleep(100);
    }
    process.once('exit', kill);
    process.once('SIGTERM', killAtSigterm);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    process.off('exit', kill);
    process.off('SIGTERM', killAtSigterm);
    if (running === undefined || !alive()) return;
    const gone = once(running, 'exit');
    running.kill(signal);
    await gone;
  }

  return {
    get pid() {
      return alive() ? running?.pid : undefined;
    },
    start,
    end,
  };
}

function launch(plan: ChildPlan, output: string[]): ChildProcess {
  const child = spawn(plan.program, plan.args, {
    cwd: plan.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', ...plan.env },
    ...plan.owner,
  });
  const keep = (chunk: Buffer) => {
    output.push(chunk.toString());
    if (output.length > 100) output.shift();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => output.push(error.message));
  return child;
}

/** True when it answers, false when it ended or 10 s passed without an answer. */
async function answers(plan: ChildPlan, alive: () => boolean): Promise<boolean> {
  const look = async () => !alive() || (await plan.isReady());
  try {
    await eventually(`${plan.program} answers`, look, { deadlineMs: 10_000 });
  } catch {
    return false;
  }
  return alive();
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
