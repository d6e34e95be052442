import { decodeUtf8 } from '../log/strict-text.ts';
import type { PackReader } from '../pack-files/pack-reader.ts';
import { type PackProblem, tampered } from './problem.ts';

export type PackFileRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: PackProblem };

/**
 * Reads a file that must be there, must be valid UTF-8, and must be in the form that `parse` knows.
 * `parse` returns undefined for any other, or throws a `SyntaxError` of JSON.
 */
export async function readPackForm<T>(
  reader: PackReader,
  path: string,
  parse: (text: string) => T | undefined,
): Promise<PackFileRead<T>> {
  if (!reader.has(path)) return { ok: false, problem: missingFile(path) };
  const text = decodeUtf8(await reader.read(path));
  const value = text === undefined ? undefined : tryParse(text, parse);
  return value === undefined ? { ok: false, problem: malformedFile(path) } : { ok: true, value };
}

/**
 * The longest text that is parsed whole: a hostile one takes many times its length then. Only the
 * list of what a sweep changed may be longer, which is parsed a part at a time.
 */
const mostChars = 64 * 1024 * 1024;

/**
 * Undefined for what is too long or no JSON, too, and for JSON that has no canonical form: a number
 * that is too large, or lists within lists until the stack is full.
 */
export function tryParse<T>(text: string, parse: (text: string) => T | undefined): T | undefined {
  if (text.length > mostChars) return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

export function missingFile(path: string): PackProblem {
  return tampered('missing-file', path, 'the pack lacks this file');
}

export function malformedFile(path: string): PackProblem {
  return tampered('malformed-file', path, 'the file is not in the one form that it may have');
}
