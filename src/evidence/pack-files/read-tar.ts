import { type PackFile, PackUnreadable } from './pack-reader.ts';
import { tarBlock, tarHeader } from './tar.ts';

/**
 * The files of an archive that `writeTar` wrote, as its pieces come. Throws `PackUnreadable` for
 * anything else, and for an archive that is cut off.
 */
export async function* readTar(pieces: AsyncIterable<Uint8Array>): AsyncIterable<PackFile> {
  const blocks = openBlocks(pieces);
  for (;;) {
    const header = await blocks.take(tarBlock);
    if (header.every((byte) => byte === 0)) return;
    const path = header.toString('utf8', 0, header.indexOf(0));
    const size = Number.parseInt(header.toString('latin1', 124, 135), 8);
    if (Buffer.byteLength(path) > 100 || !header.equals(tarHeader(path, size))) throw cutOff();
    // Another server may have written it.
    if (!safePath.test(path))
      throw new PackUnreadable(`the archive has a file ${JSON.stringify(path)}`);
    const bytes = await blocks.take(size);
    await blocks.take((tarBlock - (size % tarBlock)) % tarBlock);
    yield { path, bytes };
  }
}

/** Nothing that leaves the folder of the pack. */
const safePath = /^(?:(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!$)|$))+$/;

function openBlocks(pieces: AsyncIterable<Uint8Array>) {
  const iterator = pieces[Symbol.asyncIterator]();
  let waiting: Uint8Array[] = [];
  let length = 0;
  return {
    async take(size: number): Promise<Buffer> {
      while (length < size) {
        const { done, value } = await iterator.next();
        if (done === true) throw cutOff();
        waiting.push(value);
        length += value.length;
      }
      const whole = Buffer.concat(waiting);
      waiting = [whole.subarray(size)];
      length -= size;
      return whole.subarray(0, size);
    },
  };
}

function cutOff(): PackUnreadable {
  return new PackUnreadable('the archive of the evidence was cut off on its way');
}
