/** The code or name of an error. A message may hold an address, a row or a secret. */
export function typeOfError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
