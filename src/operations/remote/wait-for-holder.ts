import { setTimeout as wait } from 'node:timers/promises';
import { createRemoteOperations } from './remote.ts';
import { HolderError, type Respondent } from './socket-client.ts';

/** Opening a large store takes seconds, the first time or after a crash. */
const usualPatienceMs = 30_000;

/**
 * Waits while the process that holds the store opens or closes it: true when it answers, false when
 * it is gone. Throws `HolderError` if that takes more than half a minute, or if no answer comes.
 */
export async function waitForHolder(
  holder: Respondent,
  patienceMs = usualPatienceMs,
): Promise<boolean> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const state = await askState({ ...holder, silenceMs: patienceMs });
    if (state !== 'between') return state === 'ready';
    if (performance.now() > until)
      throw new HolderError(503, 'the store is still being opened or closed');
    await wait(100);
  }
}

/** Asks the database, and finds nothing. */
const noRequest = '00000000-0000-0000-0000-000000000000';

async function askState(holder: Respondent): Promise<'ready' | 'between' | 'gone'> {
  try {
    await createRemoteOperations(holder).progress({ id: noRequest });
    return 'ready';
  } catch (error) {
    if (error instanceof HolderError && error.status === 503) return 'between';
    if (error instanceof HolderError && error.status === 0) return 'gone';
    throw error;
  }
}
