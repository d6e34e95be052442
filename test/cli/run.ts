import { Readable, Writable } from 'node:stream';
import { runCli } from '../../src/cli/run-cli.ts';

/** What a command reads that nobody answers. */
export const nobody = Readable.from([]);

/** Runs a command line inside this process; for those that open nothing. */
export async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const out = collect();
  const err = collect();
  const signal = new AbortController().signal;
  const terminal = { env, cwd: '/', stdin: nobody, stdout: out.stream, stderr: err.stream, signal };
  const code = await runCli(args, terminal);
  return { code, stdout: out.text(), stderr: err.text() };
}

/** A stream that keeps what is written to it. */
export function collect() {
  const pieces: string[] = [];
  const stream = new Writable({
    write(piece, _encoding, done) {
      pieces.push(String(piece));
      done();
    },
  });
  return { stream, text: () => pieces.join('') };
}
