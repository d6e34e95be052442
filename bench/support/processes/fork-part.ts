import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A part of a bench that runs as a process of its own. */
export interface Part {
  readonly pid: number;
  /** Sends a message and waits for the answer. */
  ask(message: object): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts a part of `bench/child.ts`. `answer` is what the part returned: a server returns when it
 * listens, a loop when it is done.
 */
export function forkPart(name: string, options: object): { part: Part; answer: Promise<unknown> } {
  // All programs of a bench are bundled into one folder.
  const program = fileURLToPath(new URL('./child.js', import.meta.url));
  const child = fork(program, [name, JSON.stringify(options)]);
  const ended = once(child, 'exit');
  const next = async (): Promise<unknown> => {
    const died = ended.then(([code]) => {
      throw new Error(`the process “${name}” ended with ${code}`);
    });
    const [message] = await Promise.race([once(child, 'message'), died]);
    return message;
  };
  const part: Part = {
    pid: child.pid ?? 0,
    ask(message) {
      const answer = next();
      child.send(message);
      return answer;
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  return { part, answer: next() };
}

/** Runs a part to its end, and returns what it returned. `seen` gets its process id. */
export async function runPart<T>(
  name: string,
  options: object,
  seen: (pid: number) => void = () => undefined,
): Promise<T> {
  const { part, answer } = forkPart(name, options);
  seen(part.pid);
  try {
    return (await answer) as T;
  } finally {
    await part.close();
  }
}
