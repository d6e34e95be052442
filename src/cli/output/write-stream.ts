import { once } from 'node:events';

/**
 * Writes pieces to a stream as fast as it takes them, until all are written or the stream fails.
 * `code`: that of its failure, such as EPIPE. Throws only what the pieces throw.
 */
export async function writeStream(
  stream: NodeJS.WritableStream,
  pieces: AsyncIterable<string>,
): Promise<{ readonly code?: string | undefined }> {
  let failed: NodeJS.ErrnoException | undefined;
  const leave = (error: NodeJS.ErrnoException) => {
    failed ??= error;
  };
  stream.on('error', leave);
  try {
    for await (const piece of pieces) {
      if (failed !== undefined || !stream.writable) break;
      if (!stream.write(piece))
        await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(leave);
    }
    // An error of the last piece is known once this empty one is written.
    await new Promise<void>((flushed) => {
      stream.write('', (error) => {
        if (error) leave(error);
        flushed();
      });
    });
  } finally {
    stream.removeListener('error', leave);
  }
  return failed === undefined ? {} : { code: failed.code ?? failed.name };
}
