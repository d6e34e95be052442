import { createServer } from 'node:net';
import { type Checkpoint, parseCheckpoint } from '../evidence/log/checkpoint.ts';
import {
  encodeNote,
  encodeSignature,
  type NoteSignature,
  parseNote,
  signNote,
} from '../evidence/log/note.ts';
import type { SigningKey } from '../evidence/log/signing-key.ts';
import type { VerifierKey } from '../evidence/log/verifier-key.ts';
import type { ReadWitnessRequest } from '../evidence/log/witness-request.ts';
import { holdFolder } from '../record/store/embedded/hold-folder.ts';
import { planAnswer, type WitnessAnswer } from './plan-answer.ts';
import { readState, type WitnessState, writeState } from './state-file.ts';
import { StateUnusable } from './state-unusable.ts';

export interface CosignerOptions {
  /** Of signature type 4. */
  readonly key: SigningKey;
  /** Of the logs; each bears the origin of its log as its name. */
  readonly logs: readonly VerifierKey[];
  readonly stateFile: string;
  readonly now: () => Date;
}

export type Cosigning =
  | Exclude<WitnessAnswer, { kind: 'cosign' }>
  /** A signature line with its newline. */
  | { readonly kind: 'cosigned'; readonly line: string };

/** The part of a witness that decides, signs and remembers. */
export interface Cosigner {
  /** One after another. Throws `StateUnusable` for good where the state went back. */
  cosign(request: ReadWitnessRequest): Promise<Cosigning>;
  /** How many logs it has cosigned. */
  count(): number;
  /** The checkpoint that was cosigned last of the log of this origin. */
  latest(origin: string): string | undefined;
  /** Waits for the request in hand, and frees the state for another process. */
  close(): Promise<void>;
}

/** Opens the state, which one process alone may hold. Throws `StateUnusable`. */
export async function openCosigner(options: CosignerOptions): Promise<Cosigner> {
  const { key, logs, stateFile, now } = options;
  const { verifier } = key;
  const hold = await holdFolder(
    `${stateFile}.holder`,
    createServer((socket) => socket.destroy()),
  );
  if (hold.kind === 'taken') {
    throw new StateUnusable(`${stateFile}: the process ${hold.holder.pid} is its witness already`);
  }
  let state: WitnessState;
  try {
    state = await readState(stateFile, verifier);
  } catch (error) {
    await hold.release();
    throw error;
  }

  /** What is on the disk counts: an earlier write may have failed after it took effect. */
  const refresh = async () => {
    const found = await readState(stateFile, verifier);
    for (const [origin, note] of state) checkNoStepBack(stateFile, note, found.get(origin));
    state = found;
  };

  const cosign = async (request: ReadWitnessRequest): Promise<Cosigning> => {
    await refresh();
    const { origin } = request.says;
    const answer = planAnswer(request, logs, lastOf(state.get(origin)));
    if (answer.kind !== 'cosign') return answer;
    const { text } = request.note;
    const own = signNote(text, key, Math.floor(now().getTime() / 1000));
    const signatures = [...signaturesOf(request, logs), own];
    const next = new Map(state).set(origin, encodeNote({ text, signatures }));
    await writeState(stateFile, verifier, next);
    state = next;
    return { kind: 'cosigned', line: encodeSignature(own) };
  };

  let inHand: Promise<unknown> = Promise.resolve();
  return {
    cosign(request) {
      const done = inHand.then(() => cosign(request));
      inHand = done.catch(() => undefined);
      return done;
    },
    count: () => state.size,
    latest: (origin) => state.get(origin),
    async close() {
      await inHand;
      await hold.release();
    },
  };
}

function lastOf(note: string | undefined): Checkpoint | undefined {
  return note === undefined ? undefined : parseCheckpoint(parseNote(note).text);
}

/** Those of known keys of the log: what strangers added is not passed on. */
function signaturesOf({ note }: ReadWitnessRequest, logs: readonly VerifierKey[]): NoteSignature[] {
  return note.signatures.filter(({ name, id }) =>
    logs.some((key) => key.name === name && key.id === id),
  );
}

function checkNoStepBack(file: string, note: string, found: string | undefined) {
  const [last, now] = [lastOf(note), lastOf(found)];
  const isAhead = (now?.size ?? -1) > (last?.size ?? 0);
  if (isAhead || (now?.size === last?.size && now?.root.equals(last?.root ?? now.root))) return;
  throw new StateUnusable(
    `${file}: was put back to an earlier state while this witness ran; it cosigns nothing more`,
  );
}
