import type { RequestOutcome, SourceWatch } from '../source-watch.ts';
import type { Reply } from './reply.ts';
import type { Transport } from './transport.ts';

/** The transport, with each request measured. An aborted request tells nothing of the vendor. */
export function watchTransport(
  transport: Transport,
  requested: SourceWatch['requested'],
  ticks: () => number,
): Transport {
  return {
    async send(request) {
      const from = ticks();
      const reply = await transport.send(request);
      requested(outcomeOf(reply), ticks() - from);
      return reply;
    },
    close: () => transport.close(),
  };
}

function outcomeOf(reply: Reply): RequestOutcome {
  if (reply.kind === 'timeout') return 'timeout';
  if (reply.kind !== 'reply') return 'failed';
  if (reply.status === 429) return '429';
  return classes[Math.floor(reply.status / 100)] ?? 'failed';
}

const classes: Readonly<Record<number, RequestOutcome>> = {
  1: '1xx',
  2: '2xx',
  3: '3xx',
  4: '4xx',
  5: '5xx',
};
