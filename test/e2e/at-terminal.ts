import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { findProgram } from '../support/find-program.ts';
import type { World } from './world.ts';

const script = process.platform === 'linux' ? findProgram('script') : undefined;
const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** Whether a test can run a command at a terminal here. */
export const hasTerminal = script !== undefined;

/** A command at a terminal of its own. */
export interface AtTerminal {
  /** What the terminal has got: stdout and stderr in their order. */
  readonly shown: string;
  /** Its exit code. */
  readonly ended: Promise<number>;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

export function launchAtTerminal({ folder }: World, args: string): AtTerminal {
  const { PATH, HOME } = process.env;
  // `exec`: dash, which is the shell where SHELL is unset, would end of the Ctrl-C by itself.
  const command = `exec "${process.execPath}" "${main}" ${args}`;
  const child = spawn(script ?? '', ['-qefc', command, '/dev/null'], {
    env: { PATH, HOME, TERM: 'xterm', KEYSWEEP_CONFIG: join(folder, 'keysweep.yaml') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => undefined);
  // Ctrl-C: when its terminal is closed, the command goes on.
  onTestFinished(() => void child.stdin.end('\x03'));
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  return {
    get shown() {
      return shown;
    },
    ended: once(child, 'close').then(([code]) => code),
    interrupt: () => void child.stdin.write('\x03'),
  };
}
