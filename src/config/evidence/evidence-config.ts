/** The log of the evidence. Its signing key is in `Secrets`. */
export interface EvidenceConfig {
  /** Names the log. Undefined: the id of the installation does. */
  readonly origin: string | undefined;
  /** The public half of the key that signs, in the form of C2SP. Undefined: the log is unsigned. */
  readonly verifierKey: string | undefined;
  /** Where the signer keeps its last checkpoint. Every log that is signed has one. */
  readonly stateFile: string | undefined;
  /** Whether everybody may read the tiles of the log at the port. */
  readonly open: boolean;
  readonly witnesses: readonly WitnessConfig[];
}

export interface WitnessConfig {
  /** `/add-checkpoint` follows it; it ends without a slash. */
  readonly url: string;
  /** Its verifier key, in the form of C2SP. */
  readonly key: string;
}
