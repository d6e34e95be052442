import { parentPort, workerData } from 'node:worker_threads';
import { UnreadablePolicy } from '../errors.ts';
import { judgeHere } from './judge-here.ts';
import type { FromJudge, ThreadPolicy, ToJudge } from './messages.ts';

/*
 * The entry of the thread that judges for a back-test. A policy of somebody else may take long for
 * each key, and the process has other work to do.
 */
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a thread');
const say = (message: FromJudge) => port.postMessage(message);
try {
  const { text, approvals } = workerData as ThreadPolicy;
  const { policy, judge } = await judgeHere(text, approvals);
  port.on('message', async (keys: ToJudge) =>
    say({ kind: 'judged', judgements: await judge(keys) }),
  );
  say({ kind: 'policy', policy });
} catch (error) {
  if (!(error instanceof UnreadablePolicy)) throw error;
  say({ kind: 'invalid', message: error.message, faults: error.faults });
}
