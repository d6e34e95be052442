interface Coded {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** An error in words for a person, without a stack. */
export function failureLine(error: unknown): string {
  const { name, code, message } = (error ?? {}) as Coded;
  const words = typeof code === 'string' && code.startsWith('KEYSWEEP_') ? message : undefined;
  if (name === 'CommandFailed' || name === 'SandboxMisuse') return String(message);
  if (words !== undefined) return `keysweep: ${String(words)}`;
  const server = serverFailures[String(code)];
  if (server !== undefined) return `keysweep: ${server} (${String(code)})`;
  return `keysweep: unexpected ${String(name)}: ${String(message)}`;
}

/** Codes of the system, and what they mean to a user. */
const serverFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address of the http section is in use',
  EACCES: 'this user has no permission for a file or an address',
};
