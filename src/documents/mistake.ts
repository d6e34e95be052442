import { isAbsolute, relative } from 'node:path';
import { renderCount } from '../text/render-count.ts';

/** A position in a file; both numbers count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The path to a value: names of keys and places in lists. */
export type Path = readonly (string | number)[];

/** A fault in one document, before its file is known. */
export interface Fault extends Position {
  readonly path: Path;
  readonly message: string;
}

/** A fault in one of the users' files. Never holds the value of a secret. */
export interface Mistake extends Position {
  readonly file: string;
  readonly path: string;
  readonly message: string;
}

export const fileStart: Position = { line: 1, column: 1 };

/** A fault with its file, which is shown relative to `cwd` if it is inside. */
export function toMistake(fault: Fault, file: string, cwd: string): Mistake {
  const { line, column, path, message } = fault;
  return { file: shownFile(file, cwd), line, column, path: shownPath(path), message };
}

/** `file:line:column path: what is wrong`, always one line. */
export function renderMistake({ file, line, column, path, message }: Mistake): string {
  return harmless(`${file}:${line}:${column} ${path}: ${message}`);
}

/** A line for each of the first 100 mistakes; a last one counts the others. */
export function renderMistakes(mistakes: readonly Mistake[], most = 100): string[] {
  const lines = mistakes.slice(0, most).map(renderMistake);
  const more = mistakes.length - lines.length;
  return more > 0 ? [...lines, `and ${renderCount(more, 'more mistake')}`] : lines;
}

/** By file in the order given, then from top to bottom. */
export function sortMistakes(mistakes: readonly Mistake[]): Mistake[] {
  const files = [...new Set(mistakes.map(({ file }) => file))];
  return mistakes.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

/** A value for use in a message: shortened, in quotes, control characters escaped. */
export function quoted(text: string): string {
  return harmless(JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text));
}

export function shownFile(file: string, cwd: string): string {
  const inside = relative(cwd, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? file : inside;
}

/** The whole file gets a path too, so that every line has the same form for programs. */
function shownPath(path: Path): string {
  return path.length === 0 ? '(file)' : path.map((step) => (step === '' ? '""' : step)).join('.');
}

/** Files are untrusted: their text must not break the line or control the terminal. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
