import type { EventEmitter } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';
import type { ParentLink } from '../app/processes/parent-link.ts';

/** Where a command runs: what it reads, where it writes, and when it is to stop. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY'>>;
  readonly stdout: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  readonly stderr: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  /** Aborts at SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /**
   * Emits `hangup` at SIGHUP. A command that does not listen is stopped by SIGHUP, as by SIGTERM:
   * its terminal was closed.
   */
  readonly hangUps?: EventEmitter<{ hangup: [] }>;
  /** If this process is a worker process of another `start`: the link to it. */
  readonly parent?: ParentLink | undefined;
}

/** 0 well, 1 violations, 2 an error, 3 something unknown. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A mistake of the user, or something that is impossible now: printed as one line, exit 2. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly code = 'KEYSWEEP_COMMAND';
}

/** Writes a line for people. */
export function say(terminal: Terminal, line: string): void {
  terminal.stderr.write(`${line}\n`);
}
