import type { IncomingMessage } from 'node:http';

/** The bytes of an answer as they come. `describe` makes the error of one that broke off. */
export async function* receiveBytes(
  response: IncomingMessage,
  describe: (error: NodeJS.ErrnoException) => Error,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw describe(error as NodeJS.ErrnoException);
  }
}

/** The whole answer, as text. */
export async function receiveText(
  response: IncomingMessage,
  describe: (error: NodeJS.ErrnoException) => Error,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of receiveBytes(response, describe)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
