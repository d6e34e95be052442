import { entries, type MeaningFault, mapping } from '../../evaluate/policy/plain-values.ts';
import { LogFormatError } from '../../evidence/log/log-format-error.ts';
import { parseSigningKey } from '../../evidence/log/signing-key.ts';
import { parseVerifierKey } from '../../evidence/log/verifier-key.ts';

/**
 * Contradictions in the section `evidence`, as plain values of any shape. `isKeyInFile`: the key was
 * read from a file.
 */
export function checkEvidence(raw: unknown, isKeyInFile: boolean): MeaningFault[] {
  const evidence = mapping(mapping(raw)['evidence']);
  return [
    ...checkName(evidence),
    ...checkState(evidence, isKeyInFile),
    ...checkWitnesses(evidence),
  ];
}

type Evidence = Readonly<Record<string, unknown>>;

/** A checkpoint is signed by the name of its log. */
function checkName({ key, origin }: Evidence): MeaningFault[] {
  const name = read(key, (text) => parseSigningKey(text).verifier.name);
  if (name === undefined || typeof origin !== 'string' || name === origin) return [];
  const message = `must be the name in the key, which is ${name}`;
  return [{ path: ['evidence', 'origin'], message }];
}

function checkState({ key, stateFile }: Evidence, isKeyInFile: boolean): MeaningFault[] {
  if (key === undefined) {
    const message = 'needs a key: only a log that is signed has one';
    return stateFile === undefined ? [] : [{ path: ['evidence', 'stateFile'], message }];
  }
  if (isKeyInFile || stateFile !== undefined) return [];
  const message =
    'needs a stateFile beside it, because it is not read from a file: there the signer keeps its last checkpoint';
  return [{ path: ['evidence', 'key'], message }];
}

function checkWitnesses(evidence: Evidence): MeaningFault[] {
  const witnesses = entries(evidence, ['evidence'], 'witnesses');
  if (witnesses.length > 0 && evidence['key'] === undefined) {
    const message = 'need a key: a witness cosigns only what the log has signed';
    return [{ path: ['evidence', 'witnesses'], message }];
  }
  const seen = new Set<string>();
  return witnesses.flatMap(({ path, value }) => {
    const key = read(value['key'], (text) => parseVerifierKey(text).publicKey.toString('hex'));
    if (key === undefined || !seen.has(key)) {
      if (key !== undefined) seen.add(key);
      return [];
    }
    return [{ path: [...path, 'key'], message: 'is the key of a witness above already' }];
  });
}

/** Undefined where the schema finds the fault. */
function read(value: unknown, parse: (text: string) => string): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof LogFormatError) return undefined;
    throw error;
  }
}
