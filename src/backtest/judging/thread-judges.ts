import { RequestRefused } from '../../record/store/errors.ts';
import { judgeInThread } from './judge-in-thread.ts';
import type { OpenPastJudge } from './past-judge.ts';

/** Each takes a processor and up to half a gigabyte. */
const most = 2;

/**
 * Judges for back-tests, each in a thread of its own. Throws `RequestRefused` while two are at work.
 */
export function createThreadJudges(): (limitMs: number | undefined) => OpenPastJudge {
  let open = 0;
  return (limitMs) => async (policyText) => {
    if (open >= most) {
      throw new RequestRefused(`${most} back-tests run already; try again when one has ended`);
    }
    open += 1;
    let counted = true;
    const leave = () => {
      if (counted) open -= 1;
      counted = false;
    };
    try {
      const judge = await judgeInThread(limitMs)(policyText);
      const close = () => judge.close().finally(leave);
      return { ...judge, close };
    } catch (error) {
      leave();
      throw error;
    }
  };
}
