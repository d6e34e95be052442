import type { ServerResponse } from 'node:http';
import type { SandboxReply } from './reply.ts';

/** Runs something later, unless the sandbox has closed by then. */
export type Later = (ms: number, run: () => void) => void;

/** Sends an answer in its way. A client that has disconnected is not an error. */
export function sendReply(response: ServerResponse, reply: SandboxReply, later: Later): void {
  if (reply.delayMs > 0) later(reply.delayMs, () => sendNow(response, reply, later));
  else sendNow(response, reply, later);
}

function sendNow(response: ServerResponse, reply: SandboxReply, later: Later): void {
  const { body, manner } = reply;
  if (manner === 'hang') return;
  if (manner === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, {
    'Content-Type': reply.contentType,
    'Content-Length': body.length,
    ...reply.headers,
  });
  if (manner === 'whole') {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, body.length >> 1));
  if (manner === 'slow') later(reply.slowMs, () => response.end(body.subarray(body.length >> 1)));
  // Wait until the half is sent: otherwise the client can see a reset and no answer.
  else later(20, () => response.socket?.destroy());
}
