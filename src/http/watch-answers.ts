import type { Server } from 'node:http';

/** The answers that a server is giving. */
export interface Answers {
  /** Resolves when none is under way. */
  ended(): Promise<void>;
}

/** Counts answers from the request to their last byte, or to the loss of the connection. */
export function watchAnswers(server: Server): Answers {
  let underWay = 0;
  let resolveEnded: () => void = () => undefined;
  server.on('request', (_request, response) => {
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
      if (underWay === 0) resolveEnded();
    });
  });
  return {
    async ended() {
      if (underWay === 0) return;
      await new Promise<void>((resolve) => {
        resolveEnded = resolve;
      });
    },
  };
}
