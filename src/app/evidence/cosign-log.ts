import type { Logger } from 'pino';
import type { WitnessConfig } from '../../config/evidence/evidence-config.ts';
import { parseNote } from '../../evidence/log/note.ts';
import { parseVerifierKey } from '../../evidence/log/verifier-key.ts';
import type { Proxies } from '../../proxy/proxies.ts';
import {
  addSignatures,
  readNewestCheckpoint,
  type StoredCheckpoint,
} from '../../record/log/checkpoints.ts';
import type { Database } from '../../record/store/database.ts';
import { askWitness, type CosignAnswer } from './ask-witness.ts';

export interface CosigningTerms {
  readonly witnesses: readonly WitnessConfig[];
  readonly proxies: Proxies;
}

/** Has the newest checkpoint cosigned by each witness that has not done so yet. */
export type CosignLog = (signal: AbortSignal) => Promise<void>;

/** Says once what is wrong with a witness, while that is so. */
export function createCosigning(
  { db }: Pick<Database, 'db'>,
  { witnesses, proxies }: CosigningTerms,
  log: Pick<Logger, 'warn' | 'error'>,
): CosignLog {
  const sizes = new Map<string, number>();
  const said = new Map<string, string>();
  const hear = ({ url }: WitnessConfig, answer: CosignAnswer, { size }: StoredCheckpoint) => {
    const what = answer.kind === 'cosigned' ? '' : JSON.stringify(answer);
    if (said.get(url) === what) return;
    said.set(url, what);
    if (answer.kind === 'failed') {
      log.warn({ witness: url, reason: answer.why }, 'a witness has not cosigned the evidence log');
    }
    if (answer.kind === 'ahead') {
      log.error(
        { witness: url, size, cosigned: answer.size },
        'a witness has cosigned a longer evidence log: this one was cut, or there are two',
      );
    }
  };
  return async (signal) => {
    const newest = await readNewestCheckpoint(db);
    if (newest === undefined) return;
    const lacking = witnesses.filter((witness) => !isCosigned(newest, witness));
    const answers = await Promise.all(
      lacking.map(async (witness) => {
        const asked = { ...witness, cosignedSize: sizes.get(witness.url) ?? 0 };
        const answer = await askWitness(db, asked, newest, { proxies, signal });
        hear(witness, answer, newest);
        if (answer.kind === 'cosigned') sizes.set(witness.url, newest.size);
        return answer;
      }),
    );
    const signatures = answers.flatMap((answer) =>
      answer.kind === 'cosigned' ? [answer.signature] : [],
    );
    if (signatures.length > 0) await addSignatures(db, newest.size, signatures);
  };
}

function isCosigned({ note }: StoredCheckpoint, { key }: WitnessConfig): boolean {
  const { name, id } = parseVerifierKey(key);
  return parseNote(note).signatures.some((one) => one.name === name && one.id === id);
}
