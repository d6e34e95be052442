/** How many contents a file of `contents/` has; the last one may have fewer. */
export const contentsPerFile = 1_000;

/**
 * The bytes of a file of `contents/`, as text: what vendors said, one a line. A content is JSON
 * without line feeds. In all files together they are sorted by the SHA-256 of each, without doubles.
 */
export function encodeContents(contents: readonly string[]): string {
  return contents.map((content) => `${content}\n`).join('');
}

/** Undefined for a text that does not end with a line feed. */
export function parseContents(text: string): readonly string[] | undefined {
  const lines = text.split('\n');
  return lines.pop() === '' ? lines : undefined;
}
