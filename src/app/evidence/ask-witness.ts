import { type RequestResult, request } from '../../alert/channels/request.ts';
import type { WitnessConfig } from '../../config/evidence/evidence-config.ts';
import { LogFormatError } from '../../evidence/log/log-format-error.ts';
import {
  type NoteSignature,
  parseNote,
  verifyNote,
  WrongSignature,
} from '../../evidence/log/note.ts';
import { proveConsistencyFromTiles } from '../../evidence/log/tile-proofs.ts';
import { parseVerifierKey } from '../../evidence/log/verifier-key.ts';
import { encodeWitnessRequest, parseWitnessAnswer } from '../../evidence/log/witness-request.ts';
import type { Proxies } from '../../proxy/proxies.ts';
import type { StoredCheckpoint } from '../../record/log/checkpoints.ts';
import { logTiles } from '../../record/log/log-tiles.ts';
import type { Records } from '../../record/store/database.ts';

/** A witness, and the size that it cosigned last as far as this process knows. */
export interface AskedWitness extends WitnessConfig {
  readonly cosignedSize: number;
}

export type CosignAnswer =
  | { readonly kind: 'cosigned'; readonly signature: NoteSignature }
  /** It cosigned a longer log of this name: this one was cut or restored, or there are two. */
  | { readonly kind: 'ahead'; readonly size: number }
  | { readonly kind: 'failed'; readonly why: string };

const timeoutMs = 5_000;
/** Sixteen signature lines take less. */
const answerBytes = 16_384;

/** Asks a witness to cosign a checkpoint (C2SP tlog-witness). Rejects only with the signal's reason. */
export async function askWitness(
  db: Records,
  witness: AskedWitness,
  checkpoint: StoredCheckpoint,
  { proxies, signal }: { readonly proxies: Proxies; readonly signal: AbortSignal },
): Promise<CosignAnswer> {
  const post = async (oldSize: number) => {
    const path = await proveConsistencyFromTiles(oldSize, checkpoint.size, logTiles(db));
    const body = encodeWitnessRequest({ oldSize, path, checkpoint: checkpoint.note });
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const url = `${witness.url}/add-checkpoint`;
    const to = { url, timeoutMs, answerBytes, proxies, signal, allowPrivateNetworks: true };
    return request({ ...to, method: 'POST', headers, body });
  };
  const first = await post(Math.min(witness.cosignedSize, checkpoint.size));
  const size = sizeOf(first);
  if (size === undefined) return readAnswer(first, witness, checkpoint);
  if (size > checkpoint.size) return { kind: 'ahead', size };
  return readAnswer(await post(size), witness, checkpoint);
}

/** With 409 a witness tells the size that it cosigned last. */
function sizeOf(result: RequestResult): number | undefined {
  if (result.kind !== 'answered' || result.status !== 409) return undefined;
  const text = /^(\d{1,15})\n$/.exec(result.body)?.[1];
  return text === undefined ? undefined : Number(text);
}

function readAnswer(
  result: RequestResult,
  { key }: WitnessConfig,
  { note }: StoredCheckpoint,
): CosignAnswer {
  if (result.kind === 'refused-address') return failed('its address is refused');
  if (result.kind === 'failed') return failed(`it cannot be reached (${result.code})`);
  if (result.status !== 200) return failed(`it answered ${result.status}`);
  const verifier = parseVerifierKey(key);
  try {
    const own = parseWitnessAnswer(Buffer.from(result.body)).filter(
      ({ name, id }) => name === verifier.name && id === verifier.id,
    );
    const [signature] = own;
    const cosigned = { ...parseNote(note), signatures: own };
    if (signature === undefined || verifyNote(cosigned, [verifier]).length === 0) {
      return failed('its answer has no signature of its key');
    }
    return { kind: 'cosigned', signature };
  } catch (error) {
    if (error instanceof LogFormatError || error instanceof WrongSignature) {
      return failed(error.message);
    }
    throw error;
  }
}

function failed(why: string): CosignAnswer {
  return { kind: 'failed', why };
}
