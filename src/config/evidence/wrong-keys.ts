import { LogFormatError } from '../../evidence/log/log-format-error.ts';
import { parseSigningKey } from '../../evidence/log/signing-key.ts';
import { isKeyName, parseVerifierKey, signatureTypes } from '../../evidence/log/verifier-key.ts';
import type { Wrong } from '../../options/address.ts';

/** What is wrong with the signing key of a log. Never holds the key. */
export function wrongLogKey(text: string): Wrong {
  return wrongWith(() => {
    const { type } = parseSigningKey(text).verifier;
    return type === signatureTypes.note ? undefined : 'is the key of a witness, not of a log';
  });
}

/** What is wrong with the verifier key of a witness. */
export function wrongWitnessKey(text: string): Wrong {
  return wrongWith(() => {
    const { type } = parseVerifierKey(text);
    return type === signatureTypes.cosignature
      ? undefined
      : 'is the key of a log, not of a witness; keysweep witness prints its own';
  });
}

export function wrongOrigin(text: string): Wrong {
  return isKeyName(text) ? undefined : 'must hold no space and no plus sign';
}

function wrongWith(judge: () => Wrong): Wrong {
  try {
    return judge();
  } catch (error) {
    if (error instanceof LogFormatError) return `cannot be used: ${error.what}`;
    throw error;
  }
}
