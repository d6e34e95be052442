import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { compileOnce } from '../support/compile-once.ts';
import { eventually } from '../support/eventually.ts';

/** The built command: `npm test` builds it first. */
const command = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

export type Env = Readonly<Record<string, string | undefined>>;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs, and what it has written so far. */
export interface Running {
  readonly pid: number;
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<Ended>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
  /** Waits until a line of the log says so. */
  says(text: string, deadlineMs?: number): Promise<void>;
}

/** Starts `keysweep ARGS`, or another script of this project, with these variables and no others. */
export function launch(args: readonly string[], env: Env, script = command): Running {
  const child = spawn(process.execPath, [...compileOnce, script, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  // A file whose test failed half-way takes what it started with it.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    process.off('exit', kill);
    return { code, signal, ...written };
  });
  return {
    pid: child.pid ?? 0,
    child,
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
    async says(text, deadlineMs = 60_000) {
      const look = () => {
        if (written.stderr.includes(text)) return true;
        throw new Error(`${child.exitCode} ${written.stderr.slice(-2_000)}`);
      };
      await eventually(`the log says “${text}”`, look, { deadlineMs });
    },
  };
}
