import type { OpenPermits } from './permits.ts';
import type { PermitsCall, PermitsReply } from './permits-call.ts';

/** The message that asks for permits; `settle` takes the answer to this `call`. */
export interface PermitsWanted {
  readonly kind: 'permits';
  readonly call: number;
  readonly what: PermitsCall;
}

/** Permits for the thread; the process that started the thread asks for them. */
export interface PermitsThrough {
  readonly open: OpenPermits;
  settle(call: number, reply: PermitsReply): void;
}

export function permitsThrough(say: (message: PermitsWanted) => void): PermitsThrough {
  const waiting = new Map<number, (reply: PermitsReply) => void>();
  let calls = 0;
  const ask = (what: PermitsCall): Promise<PermitsReply> =>
    new Promise((resolve) => {
      calls += 1;
      waiting.set(calls, resolve);
      say({ kind: 'permits', call: calls, what });
    });
  const unavailable = () => new Error('the permits of a source are not to be had');
  return {
    open: (source, intervalMs) => ({
      async take(asked) {
        const reply = await ask({ source, intervalMs, what: { kind: 'take', asked } });
        if (reply.kind !== 'taken') throw unavailable();
        return reply.answer;
      },
      async hold(ms) {
        const reply = await ask({ source, intervalMs, what: { kind: 'hold', ms } });
        if (reply.kind !== 'held') throw unavailable();
      },
    }),
    settle(call, reply) {
      waiting.get(call)?.(reply);
      waiting.delete(call);
    },
  };
}
