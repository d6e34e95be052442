import { userInfo } from 'node:os';
import { type Access, type CallerRole, ownTokenName, permits } from '../options/roles.ts';
import type { Known } from '../report/people/named-person.ts';

/** Somebody who signed in at the provider; `login` is the name that they sign in with there. */
export interface ProvenPerson {
  readonly known: 'oidc';
  /** Null where an earlier build kept the session. */
  readonly subject: string | null;
  /** Null if the provider gives none, or says that it has not verified it. */
  readonly mail: string | null;
  readonly login: string | null;
}

/** What a caller has shown: a token, or a session at the provider. */
export type Proof = { readonly known: 'token' } | ProvenPerson;

/** Who asks for an operation. */
export interface Caller {
  /** The name of the credential: of a token, or of the user of this machine. */
  readonly name: string;
  readonly role: CallerRole;
  /** The address of the client, `socket` or `local`. */
  readonly from: string;
  /** Undefined for the user of this machine, and for somebody who has shown nothing. */
  readonly proof?: Proof | undefined;
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

/**
 * Whether the caller is a person whom keysweep knows by name. The token that `start` makes is
 * nobody's name: whoever can read its file has it.
 */
export function isSignedIn({ name, proof }: Caller): boolean {
  return proof !== undefined && name !== ownTokenName;
}

/** How a caller is known who names nobody else. */
function howKnown({ from, proof }: Omit<Caller, 'role'>): Known {
  if (proof !== undefined) return proof.known;
  return from === 'local' || from === 'socket' ? from : 'anonymous';
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
  readonly known: Known;
  readonly subject: string | null;
  readonly mail: string | null;
}

/**
 * Over the network, the actor is the credential's name, and a name in the request is only asserted.
 * The user of this machine, who can read and write the store anyway, is whoever the command names:
 * nobody has checked that name either.
 */
export function actorOf(caller: Caller, named: string | null | undefined): Actor {
  const { name } = caller;
  const given = named ?? null;
  const proven = identify(caller);
  if (!isLocal(caller)) return { by: name, asserted: given === name ? null : given, ...proven };
  if (given === null) return { by: name, asserted: null, ...proven };
  return { by: given, asserted: null, known: 'asserted', subject: null, mail: null };
}

/** How a caller is known, with what the provider says of them. */
export function identify(caller: Omit<Caller, 'role'>): Pick<Actor, 'known' | 'subject' | 'mail'> {
  const { proof } = caller;
  const { subject, mail } = proof?.known === 'oidc' ? proof : { subject: null, mail: null };
  return { known: howKnown(caller), subject, mail };
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
  review: 'deciding in reviews',
  evidence: 'downloading evidence',
  trial: 'back-tests',
  queue: 'the board of the queue',
  write: 'changes',
};

/** Throws `AccessRefused` if the role of the caller does not permit this. */
export function assertPermitted(caller: Caller, access: Access): void {
  if (!permits(caller.role, access)) throw new AccessRefused(caller, access);
}
