import { type ChildProcess, fork } from 'node:child_process';
import type { Logger } from 'pino';
import type { LogStream } from '../create-log.ts';
import { type FromWorker, processVariable, type ToWorker } from './messages.ts';
import { readLines } from './read-lines.ts';

/** How a worker process ended; `failure`: it could not be started. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly failure?: string | undefined;
}

/** A worker process that runs. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** Resolves after everything that it wrote and said was read. */
  readonly ended: Promise<ProcessEnd>;
  send(message: ToWorker): void;
  kill(): void;
}

export interface ForkParts {
  /** keysweep.yaml: its name, and its text at the start. */
  readonly file: string;
  readonly text: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Where the lines of this process and of those that it starts go. */
  readonly lines: LogStream;
}

/** Starts the program again, as a worker and nothing else. */
export function forkWorker(
  number: number,
  parts: ForkParts,
  hear: (message: FromWorker) => void,
): WorkerProcess {
  try {
    return follow(forkProgram(number, parts), number, parts, hear);
  } catch (error) {
    // For example, this machine has no memory for one more.
    const { code } = error as NodeJS.ErrnoException;
    const end = { code: null, signal: null, failure: code };
    const nothing = () => undefined;
    return { pid: undefined, ended: Promise.resolve(end), send: nothing, kill: nothing };
  }
}

/** With the same entry, and the same options of Node. */
function forkProgram(number: number, { file, env }: ForkParts): ChildProcess {
  const args = ['start', '--role', 'worker', '--config', file];
  return fork(process.argv[1] ?? '', args, {
    env: { ...env, [processVariable]: String(number) },
    // Lines come through pipes of its own: several processes that write to one may tear them, and
    // whoever reads to the end of ours would wait for the end of a process that hangs.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function follow(
  child: ChildProcess,
  number: number,
  { text, log, lines }: ForkParts,
  hear: (message: FromWorker) => void,
): WorkerProcess {
  const { pid, stdout, stderr } = child;
  child.on('message', (message) => hear(message as FromWorker));
  // An exporter of traces may write there.
  stdout?.on('data', (text: Buffer) => process.stdout.write(text));
  // Without file handles to spare, there is no pipe either.
  if (stderr) {
    readLines(stderr, (line, isWhole) => {
      if (isWhole && line.startsWith('{')) lines.write(`${line}\n`);
      else if (line !== '') {
        log.warn({ process: number, worker: pid, words: line }, 'a worker process says');
      }
    });
  }
  const send = (message: ToWorker) => {
    // One that is ending hears nothing any more.
    if (child.connected) child.send(message, () => undefined);
  };
  send({ kind: 'begin', text });
  return { pid, ended: endOf(child), send, kill: () => child.kill('SIGKILL') };
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.on('error', ({ code: failure }: NodeJS.ErrnoException) => {
      // Errors of a process that runs are followed by its end.
      if (child.pid === undefined) resolve({ code: null, signal: null, failure });
    });
  });
}
