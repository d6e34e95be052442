export interface StreamedText {
  readonly status?: number;
  /** By default, those of JSON. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called if the pieces fail after the first: ends the connection, so that nobody takes a part for all. */
  cut(error: unknown): void;
}

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' };

/**
 * Sends text or bytes piece by piece, as it is made. Waits for the first piece, so that a refusal is still an
 * answer of its own.
 */
export async function streamText(
  pieces: AsyncIterable<string | Uint8Array>,
  { status = 200, headers = jsonHeaders, cut }: StreamedText,
): Promise<Response> {
  const iterator = pieces[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<string | Uint8Array>> | undefined = Promise.resolve(
    await iterator.next(),
  );
  const encoder = new TextEncoder();
  let isWanted = true;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await (next ?? iterator.next());
        next = undefined;
        if (!isWanted) return;
        if (done === true) controller.close();
        else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
      } catch (error) {
        // The adapter to Node writes errors of a stream to the console.
        cut(error);
        controller.close();
      }
    },
    async cancel() {
      isWanted = false;
      await iterator.return?.();
    },
  });
  return new Response(body, { status, headers });
}
