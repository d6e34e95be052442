import { hostPort } from '../text/host-port.ts';
import { describeTlsFailure } from '../text/tls-failure.ts';
import { unreachableServer } from '../text/unreachable-server.ts';

interface Coded {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  /** Of an error of the system: the file, or the host and port. */
  readonly path?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
  readonly syscall?: unknown;
}

/** An error in words for a person, without a stack. */
export function failureLine(error: unknown): string {
  const failure = (error ?? {}) as Coded;
  const { name, code, message } = failure;
  const words = typeof code === 'string' && code.startsWith('KEYSWEEP_') ? message : undefined;
  if (name === 'CommandFailed' || name === 'SandboxMisuse') return String(message);
  if (words !== undefined) return `keysweep: ${String(words)}`;
  const known = systemWords(failure, String(code));
  return known === undefined
    ? `keysweep: unexpected ${String(name)}: ${String(message)}`
    : `keysweep: ${known}`;
}

function systemWords(failure: Coded, code: string): string | undefined {
  const where = placeOf(failure);
  if (failure.syscall === 'listen') {
    const what = listenFailures[code];
    return (
      what && `the address of the http section, ${where ?? 'its host and port'}, ${what} (${code})`
    );
  }
  const ofFile = fileFailures[code];
  if (ofFile !== undefined && typeof failure.path === 'string')
    return `${where}: ${ofFile} (${code})`;
  const [what, mend] = unreachableServer[code] ?? describeTlsFailure(code) ?? [];
  return what && `${where ?? 'a server'} ${what}: ${mend}`;
}

function placeOf({ path, address, port }: Coded): string | undefined {
  if (typeof path === 'string') return path;
  if (typeof address !== 'string') return undefined;
  return hostPort(address, String(port));
}

const listenFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use: stop what listens there, or change http.port',
  EADDRNOTAVAIL: 'is no address of this machine: change http.host',
  EACCES: 'may not be used by this user: choose a port above 1023',
  EPERM: 'may not be used: the system forbids it',
};

const fileFailures: Readonly<Record<string, string>> = {
  EACCES: 'this user has no permission',
  EPERM: 'the system forbids it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'there is no such file or folder',
};
