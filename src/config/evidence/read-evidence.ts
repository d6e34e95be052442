import { resolve } from 'node:path';
import { parseSigningKey, type SigningKey } from '../../evidence/log/signing-key.ts';
import { encodeVerifierKey } from '../../evidence/log/verifier-key.ts';
import type { EvidenceConfig } from './evidence-config.ts';
import type { EvidenceFile } from './evidence-schema.ts';

interface Places {
  /** Where relative paths start. */
  readonly folder: string;
  /** The file that the key was read from, if it was one. */
  readonly keyFile: string | undefined;
}

/** The section after it passed the checks. */
export function readEvidenceConfig(
  file: EvidenceFile,
  { folder, keyFile }: Places,
): EvidenceConfig {
  const verifier = readEvidenceKey(file)?.verifier;
  const stateFile = file.stateFile === undefined ? undefined : resolve(folder, file.stateFile);
  return {
    origin: file.origin ?? verifier?.name,
    verifierKey: verifier && encodeVerifierKey(verifier),
    stateFile: stateFile ?? (keyFile === undefined ? undefined : `${keyFile}.checkpoint`),
    open: file.open,
    witnesses: file.witnesses.map(({ url, key }) => ({ url: url.replace(/\/+$/, ''), key })),
  };
}

export function readEvidenceKey({ key }: EvidenceFile): SigningKey | undefined {
  return key === undefined ? undefined : parseSigningKey(key);
}
