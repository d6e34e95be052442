import { ProxyFailure } from '../../../proxy/proxy-failure.ts';
import { plainCode, type Reply } from '../reply.ts';
import { type ExchangeEnd, exchange, type Http2Message, saysOver } from './exchange.ts';
import type { Origin, Taken } from './open-origin.ts';
import type { Session } from './open-session.ts';

/** How often a request that the server refused to begin is sent again. */
const mostRefusals = 3;

/** A request on its way. */
interface Asking {
  /** Ends it without an answer. `isLate`: its time was up, so its connection may be dead. */
  end(isLate: boolean): void;
}

/** Sends a request over a connection of `origin`. `done` is called once, at once or later. */
export function askOrigin(
  origin: Origin,
  message: Http2Message,
  done: (reply: Reply | 'http/1.1') => void,
): Asking {
  let refusals = 0;
  let under: { readonly session: Session; readonly reset: () => void } | undefined;
  const heard = (outcome: ExchangeEnd) => {
    under = undefined;
    if (outcome !== 'refused') return done(outcome);
    refusals += 1;
    if (refusals <= mostRefusals) return origin.take(taken);
    done({ kind: 'failed', code: 'HTTP2_REFUSED_STREAM' });
  };
  const taken: Taken = (given) => {
    if (given === 'http/1.1') return done(given);
    if (given instanceof Error) return done(failureOf(given));
    try {
      under = { session: given, reset: exchange(given, message, heard) };
    } catch (error) {
      if (!saysOver(error)) return done(failureOf(error));
      given.retire();
      heard('refused');
    }
  };
  origin.take(taken);

  return {
    end(isLate) {
      origin.leave(taken);
      under?.reset();
      if (isLate) under?.session.retire();
    },
  };
}

function failureOf(error: unknown): Reply {
  if (error instanceof ProxyFailure) return { kind: 'proxy-failed', detail: error.message };
  return { kind: 'failed', code: plainCode(error) ?? 'UNKNOWN' };
}
