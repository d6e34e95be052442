#!/usr/bin/env node
import { EventEmitter } from 'node:events';
import { openParentLink } from './app/processes/parent-link.ts';
import { runCli } from './cli/run-cli.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second signal stops at once.
    if (stop.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
    stop.abort(new Error(signal));
  });
}
const hangUps = new EventEmitter<{ hangup: [] }>();
process.on('SIGHUP', () => {
  if (!hangUps.emit('hangup')) stop.abort(new Error('SIGHUP'));
});
const parent = openParentLink(process.env, { stop, hangUps });
// A reader that closes the pipe early ends the output, not the program.
process.stdout.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  // Opened only by a command that asks.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
  hangUps,
  parent,
});
// Everything is closed; what a server that has gone away still holds must not keep us here.
setTimeout(() => process.exit(), 500).unref();
// A parent that hangs does not take what this process says.
await parent?.close();
