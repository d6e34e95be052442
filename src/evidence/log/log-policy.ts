import { encodeVerifierKey, type VerifierKey } from './verifier-key.ts';

/** Whom a verifier trusts (C2SP tlog-policy): any of the logs, and enough of the witnesses. */
export interface LogPolicy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly quorum: Quorum;
}

export interface PolicyLog {
  /** Its name is the origin of the log's checkpoints. */
  readonly key: VerifierKey;
  readonly url: string | null;
}

export interface PolicyWitness extends PolicyLog {
  /** Within the policy only. */
  readonly name: string;
}

/** Which cosignatures a checkpoint needs. */
export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly witness: PolicyWitness }
  | QuorumGroup;

/** At least `threshold` of the members, each of them a witness or another group. */
export interface QuorumGroup {
  readonly kind: 'group';
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly Exclude<Quorum, { readonly kind: 'none' }>[];
}

/** Whether the cosignatures of these keys are enough. */
export function isQuorumMet(quorum: Quorum, cosigners: readonly VerifierKey[]): boolean {
  switch (quorum.kind) {
    case 'none':
      return true;
    case 'witness':
      return cosigners.some((key) => isSameKey(key, quorum.witness.key));
    case 'group': {
      const met = quorum.members.filter((member) => isQuorumMet(member, cosigners));
      return met.length >= quorum.threshold;
    }
  }
}

/** The witnesses that count for a quorum. */
export function witnessesOf(quorum: Quorum): PolicyWitness[] {
  if (quorum.kind === 'group') return quorum.members.flatMap(witnessesOf);
  return quorum.kind === 'witness' ? [quorum.witness] : [];
}

export interface SimplePolicy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyLog[];
  /** How many of the witnesses must have cosigned. With 0, none of them. */
  readonly threshold: number;
}

/** The text of a policy of one group. It names the witnesses `witness-1`, `witness-2` and so on. */
export function encodeLogPolicy({ logs, witnesses, threshold }: SimplePolicy): string {
  const line = (...words: readonly (string | null)[]) =>
    `${words.filter((word) => word !== null).join(' ')}\n`;
  const names = witnesses.map((_, at) => `witness-${at + 1}`);
  const quorum =
    threshold === 0
      ? [line('quorum', 'none')]
      : [line('group', 'witnesses', String(threshold), ...names), line('quorum', 'witnesses')];
  return [
    ...logs.map(({ key, url }) => line('log', encodeVerifierKey(key), url)),
    ...witnesses.map(({ key, url }, at) =>
      line('witness', names[at] ?? '', encodeVerifierKey(key), url),
    ),
    ...quorum,
  ].join('');
}

function isSameKey(one: VerifierKey, other: VerifierKey): boolean {
  return encodeVerifierKey(one) === encodeVerifierKey(other);
}
