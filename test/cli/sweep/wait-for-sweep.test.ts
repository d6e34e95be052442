import { expect, test } from 'vitest';
import { waitForSweep } from '../../../src/cli/sweep/wait-for-sweep.ts';
import type { Operations } from '../../../src/operations/index.ts';
import { ServerError } from '../../../src/operations/remote/server-error.ts';
import type { RequestProgress } from '../../../src/record/sweeps/requests.ts';

const closed: RequestProgress = {
  ...{ refused: null, sweepId: 'the sweep', tracked: 2, judged: 2, closed: true },
  ...{ overdue: false, pendingAlerts: 0, waits: null },
};

/** Waits for a sweep whose progress is asked of a server; it answers or fails so, one by one. */
function wait(answers: readonly (RequestProgress | Error)[], stop = new AbortController()) {
  let asked = 0;
  const progress = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const nothing = () => undefined;
  const ended = waitForSweep({
    operations: { progress } as unknown as Operations,
    bar: { show: nothing, note: nothing, clear: nothing },
    ...{ requestId: 'r', signal: stop.signal, goesOn: 'on the server' },
  });
  return { ended, asked: () => asked };
}

const url = new URL('https://keysweep.example');

test('goes on when the server was away for a moment', async () => {
  const away = new ServerError(url, 'refuses connections', true);
  const { ended, asked } = wait([away, away, closed]);
  expect(await ended).toBe('the sweep');
  expect(asked()).toBe(3);
});

test('ends at once when the server refuses', async () => {
  const { ended, asked } = wait([new ServerError(url, 'refuses the token (401)')]);
  await expect(ended).rejects.toThrow('the server at https://keysweep.example refuses the token');
  expect(asked()).toBe(1);
});

test('says where the request goes on when the command is stopped', async () => {
  const stop = new AbortController();
  const { ended } = wait([{ ...closed, closed: false }], stop);
  stop.abort();
  await expect(ended).rejects.toThrow('stopped; the request continues on the server');
});
