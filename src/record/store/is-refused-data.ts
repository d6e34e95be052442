/**
 * Whether the database refused the data itself. Class 22: its type cannot hold the value; class 54:
 * a row or index entry is too large.
 */
export function isRefusedData(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(22|54)/.test(code);
}
