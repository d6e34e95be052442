import { userInfo } from 'node:os';
import { type Access, type CallerRole, permits } from '../options/roles.ts';

/** Who asks for an operation. */
export interface Caller {
  /** The name of the credential: of a token, or of the user of this machine. */
  readonly name: string;
  readonly role: CallerRole;
  /** The address of the client, `socket` or `local`. */
  readonly from: string;
}

/**
 * The user who runs this process. Only this user can open the socket, so who asks over it is the
 * same user.
 */
export function localCaller(from: 'socket' | 'local' = 'local'): Caller {
  return { name: userName(), role: 'operator', from };
}

/** Whether the caller is the user who runs this process. */
export function isLocal({ from }: Caller): boolean {
  return from === 'local' || from === 'socket';
}

/** In containers, a user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trim();
  }
}

/** Who is recorded as having asked for a change, and whom the request names beside that. */
export interface Actor {
  readonly by: string;
  /** A name that the request gives and nobody has checked. */
  readonly asserted: string | null;
}

/**
 * Over the network, the actor is the credential's name, and a name in the request is only asserted.
 * The user of this machine, who can read and write the store anyway, is whoever the command names.
 */
export function actorOf(caller: Caller, named: string | null | undefined): Actor {
  const { name } = caller;
  const given = named ?? null;
  if (isLocal(caller)) return { by: given ?? name, asserted: null };
  return { by: name, asserted: given === name ? null : given };
}

/** The caller's role does not permit the operation. */
export class AccessRefused extends Error {
  override readonly name = 'AccessRefused';
  readonly code = 'KEYSWEEP_ACCESS_REFUSED';
  readonly retryable = false;
  constructor({ role }: Caller, access: Access) {
    super(`the role ${role} does not permit ${words[access]}`);
  }
}

const words: Readonly<Record<Access, string>> = {
  read: 'reading',
  evidence: 'downloading evidence',
  trial: 'back-tests',
  queue: 'the board of the queue',
  write: 'changes',
};

/** Throws `AccessRefused` if the role of the caller does not permit this. */
export function assertPermitted(caller: Caller, access: Access): void {
  if (!permits(caller.role, access)) throw new AccessRefused(caller, access);
}
