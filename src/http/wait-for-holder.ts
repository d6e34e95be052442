import { setTimeout as wait } from 'node:timers/promises';
import { askSocket, HolderError } from './socket-client.ts';

/** Opening a large store takes seconds, the first time or after a crash. */
const patienceMs = 30_000;

/**
 * Waits until the process that holds the store has opened it: true when it answers, false when it
 * is gone. Throws `HolderError` when it is still opening the store after half a minute.
 */
export async function waitForHolder(socket: string): Promise<boolean> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const state = await askState(socket);
    if (state !== 'starting') return state === 'ready';
    if (performance.now() > until) throw new HolderError(503, 'the store is still being opened');
    await wait(100);
  }
}

async function askState(socket: string): Promise<'ready' | 'starting' | 'gone'> {
  try {
    await askSocket(socket, 'GET', '/api/v1/keys/-');
    return 'ready';
  } catch (error) {
    if (error instanceof HolderError && error.status === 503) return 'starting';
    if (error instanceof HolderError && error.status === 0) return 'gone';
    throw error;
  }
}
