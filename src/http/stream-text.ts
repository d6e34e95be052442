/** Sends JSON piece by piece, as it is made. */
export function streamText(pieces: AsyncIterable<string>, status = 200): Response {
  const iterator = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return new Response(body, { status, headers });
}
