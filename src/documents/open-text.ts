import { isUtf8 } from 'node:buffer';
import { type BigIntStats, fstatSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import {
  byteOrderMark,
  checkKind,
  type FileRead,
  holdsNul,
  type NotRead,
  notReadFor,
  notUtf8,
  tooLarge,
} from './read-text.ts';
import type { TextBytes } from './text-bytes.ts';

/** A text in a file, of which parts are read when they are needed. */
export interface OpenedText extends TextBytes {
  /** Whether the file was changed since it was opened: parts of two versions may have been read. */
  hasChanged(): boolean;
  close(): Promise<void>;
}

const window = 1024 * 1024;
const lineFeed = 0x0a;

/**
 * Opens a regular file of at most `maxBytes` of UTF-8 text, without its byte order mark, and checks
 * it from its beginning to its end. `other`: it states no size, is UTF-16, or has no line feed, so
 * it has to be read as a whole. Throws nothing.
 */
export async function openText(
  path: string,
  maxBytes: number,
): Promise<FileRead<{ readonly text: OpenedText }> | 'other'> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const opened = await examine(file, maxBytes);
    if (opened === 'other' || !opened.ok) await file.close();
    return opened;
  } catch (error) {
    await file?.close();
    return notReadFor(error);
  }
}

async function examine(file: FileHandle, maxBytes: number) {
  const stamp = checkKind(await file.stat({ bigint: true }));
  if (stamp.size > maxBytes) return tooLarge(maxBytes);
  const whole = partOf(file, stamp, 0);
  if (needsDecoding(whole)) return 'other';
  const found = await examineText(whole);
  if (found !== 'text') return found;
  const { length } = byteOrderMark;
  const isMarked = whole.slice(0, length).equals(byteOrderMark);
  return { ok: true, text: forgiving(partOf(file, stamp, isMarked ? length : 0)) } as const;
}

/** UTF-16 begins with its mark. */
function needsDecoding(text: TextBytes): boolean {
  return text.length === 0 || /^(?:fffe|feff)/.test(text.slice(0, 2).toString('hex'));
}

async function examineText(text: TextBytes): Promise<NotRead | 'other' | 'text'> {
  let [hasLineFeed, hasNul] = [false, false];
  for (let at = 0; at < text.length; ) {
    const bytes = charactersOf(text.slice(at, at + window), at + window >= text.length);
    if (!isUtf8(bytes)) return notUtf8;
    hasLineFeed ||= bytes.includes(lineFeed);
    hasNul ||= bytes.includes(0);
    // A file that became shorter has changed, and is read again.
    if (bytes.length === 0) break;
    at += bytes.length;
    await breathe();
  }
  if (!hasLineFeed) return 'other';
  return hasNul ? holdsNul : 'text';
}

/** The bytes without the last character, if that may go on behind them. */
function charactersOf(bytes: Buffer, isEnd: boolean): Buffer {
  if (isEnd) return bytes;
  for (let back = 1; back <= 4; back += 1) {
    const byte = bytes.at(-back) ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) return bytes.subarray(0, -back);
  }
  return bytes;
}

/** A file that was replaced by another has no name any more. */
const stampFields = ['size', 'mtimeNs', 'ctimeNs', 'nlink'] as const;

/** The text from an offset on. */
function partOf(file: FileHandle, stamp: BigIntStats, from: number): OpenedText {
  const { fd } = file;
  const length = Number(stamp.size) - from;
  return {
    length,
    slice(start, end) {
      const bytes = Buffer.allocUnsafe(Math.max(Math.min(end, length) - start, 0));
      let done = 0;
      while (done < bytes.length) {
        const more = readSync(fd, bytes, done, bytes.length - done, from + start + done);
        if (more === 0) break;
        done += more;
      }
      return bytes.subarray(0, done);
    },
    hasChanged() {
      const now = fstatSync(fd, { bigint: true });
      return stampFields.some((field) => now[field] !== stamp[field]);
    },
    close: () => file.close(),
  };
}

/** A text of which a part that can no longer be read counts as changed: it is opened again then. */
function forgiving(text: OpenedText): OpenedText {
  let failed = false;
  const attempt = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch {
      failed = true;
      return otherwise;
    }
  };
  return {
    length: text.length,
    slice: (start, end) => attempt(() => text.slice(start, end), Buffer.alloc(0)),
    hasChanged: () => attempt(() => text.hasChanged(), true) || failed,
    close: () => text.close(),
  };
}
