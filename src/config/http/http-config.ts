import { hash } from 'node:crypto';
import type { CallerRole } from '../../options/roles.ts';
import type { OidcConfig } from './oidc-config.ts';

/** The server for people and programs. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  /** Whether only this machine can connect. */
  readonly isLoopback: boolean;
  /** Where people reach this server; links in alerts lead there. */
  readonly publicUrl: string | undefined;
  /** Without those that `start` makes. What they are is in `Secrets`, as hashes. */
  readonly tokens: readonly NamedToken[];
  /** The file of the token that `start` makes; undefined if it makes none, or has no place for it. */
  readonly ownTokenFile: string | undefined;
  /** Whether everybody may do everything. */
  readonly open: boolean;
  /** Undefined if nobody signs in with a provider. */
  readonly oidc: OidcConfig | undefined;
  /** More names of this server. */
  readonly hosts: readonly string[];
  /** The addresses and networks whose `X-Forwarded-…` headers count. */
  readonly trustedProxies: readonly string[];
  /** Whether operators see the jobs of the queue. */
  readonly queueBoard: boolean;
}

export interface NamedToken {
  readonly name: string;
  readonly role: CallerRole;
  /** Whether it is so short that it could be guessed. False for one that is given as a hash. */
  readonly isShort: boolean;
}

/** A token as it is kept. */
export interface TokenHash {
  readonly name: string;
  readonly role: CallerRole;
  /** Of its bytes; 32 bytes. */
  readonly sha256: Buffer;
}

export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
