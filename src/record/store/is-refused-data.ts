/**
 * Whether the database refused a value for what it is. Class 22: a value that its type cannot hold;
 * class 54: a row or index entry that is too large.
 */
export function isRefusedData(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(22|54)/.test(code);
}
