import { encodeNote, parseNote } from './note.ts';

/** A checkpoint as alerts tell it: signed by the log alone, so that its length is known. */
export function tellCheckpoint(note: string): string {
  const { text, signatures } = parseNote(note, { where: 'checkpoint' });
  const [origin] = text.split('\n');
  return encodeNote({ text, signatures: signatures.filter(({ name }) => name === origin) });
}

/** No checkpoint that a log of this name tells is longer in any alphabet. */
export function longestTold(origin: string): string {
  const root = Buffer.alloc(32).toString('base64');
  const signature = { name: origin, id: '00000000', bytes: Buffer.alloc(64) };
  const text = `${origin}\n${Number.MAX_SAFE_INTEGER}\n${root}\n`;
  return encodeNote({ text, signatures: [signature] });
}
