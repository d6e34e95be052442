import { RequestRefused } from '../../record/store/errors.ts';
import { judgeInThread } from './judge-in-thread.ts';
import type { OpenPastJudge } from './past-judge.ts';

/** Each takes a processor and up to half a gigabyte. */
const most = 2;

/**
 * Judges for back-tests, each in a thread of its own. Throws `RequestRefused` while two threads are
 * at work; whoever reads a result slowly keeps no thread beyond its limit.
 */
export function createThreadJudges(): (limitMs: number | undefined) => OpenPastJudge {
  let threads = 0;
  return (limitMs) => async (text, approvals) => {
    if (threads >= most) {
      throw new RequestRefused(`${most} back-tests run already; try again when one has ended`);
    }
    threads += 1;
    const ended = () => {
      threads -= 1;
    };
    return judgeInThread(limitMs, ended)(text, approvals);
  };
}
