import { jsonText } from '../../report/json-text.ts';
import { safeText } from '../../report/safe-text.ts';
import { parseLeaf } from '../leaves/leaf.ts';
import { parseCheckpoint } from '../log/checkpoint.ts';
import { parseLogProof } from '../log/log-proof.ts';
import { parseNote } from '../log/note.ts';
import type { ProofParts, ShownProof } from './shown-proof.ts';

const verdicts = ['', 'pass', 'fail', 'waived', 'unknown'];

/** A proof as JSON: its parts, and which of them hold. */
export async function* renderShownJson(
  shown: ShownProof,
  parts: ProofParts,
): AsyncIterable<string> {
  yield `${jsonText({ schema: 'keysweep.key-proof/1', ...shown, holds: parts }, 2)}\n`;
}

/** A proof for people, a line for each fact. */
export async function* renderShownTable(
  shown: ShownProof,
  parts: ProofParts,
): AsyncIterable<string> {
  const { proof } = shown;
  const { entry } = proof;
  const { event } = parseLeaf(shown.leaf);
  const { checkpoint } = parseLogProof(shown.logProof, { mayBeUnsigned: true });
  const note = parseNote(checkpoint, { mayBeUnsigned: true });
  const { origin, size, root } = parseCheckpoint(note.text);
  const signers = note.signatures.map(({ name, id }) => `${name}+${id}`).join(', ');
  const sweep = event.event === 'sweep-closed' ? event : undefined;
  const lines = [
    ['key', `${entry.source}/${entry.keyId}`],
    ['sweep', `${sweep?.sweep} (${sweep?.status}), closed ${sweep?.closedAt}`],
    ['verdict', verdicts[entry.verdict] ?? String(entry.verdict)],
    ['because', entry.judgement === null ? 'no rule is broken' : jsonText(entry.judgement)],
    ['asked', instantOf(entry.observedAt, 'not known')],
    ['last used', instantOf(entry.lastUsed, 'never, or not said')],
    ['vendor said', proof.content ?? 'nothing'],
    ['inventory', proof.inventoryEntry],
    ['leaf', `${proof.leaf}, written ${event.at}`],
    ['log', `${origin}, ${size} leaves, root ${root.toString('base64')}`],
    ['signed by', signers === '' ? 'nobody' : `${signers} (not verified here)`],
    ['proof', describe(parts)],
  ];
  for (const [name = '', text = ''] of lines) yield `${name.padEnd(12)}  ${safeText(text)}\n`;
}

function instantOf(ms: number | null, otherwise: string): string {
  return ms === null ? otherwise : new Date(ms).toISOString();
}

const words: Readonly<Record<keyof ProofParts, string>> = {
  content: 'what the vendor said is not what was judged',
  inventory: 'what the inventory says is not what was judged',
  key: 'the key is not in the tree of the sweep',
  leaf: 'the leaf is not in the log',
};

function describe(parts: ProofParts): string {
  const wrong = Object.entries(words).filter(([part]) => !parts[part as keyof ProofParts]);
  if (wrong.length > 0) return `DOES NOT HOLD: ${wrong.map(([, why]) => why).join('; ')}`;
  return 'holds: the key is in the tree of the sweep, and its leaf is in the log';
}
