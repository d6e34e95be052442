import type { DifferenceCode, RecordDifference } from './difference.ts';

const words: Readonly<Record<DifferenceCode, string>> = {
  'leaf-gone': 'the leaf is gone',
  'leaf-body': 'the text of the leaf is not the one that its hash says',
  'leaf-form': 'the leaf cannot be read',
  'leaf-time': 'the leaf is earlier than the one before it',
  'leaf-row': 'the row of the leaf was changed',
  'log-head': 'the head of the log is not the one that its leaves make',
  'log-size': 'the log has another number of leaves than its head says',
  tile: 'the tile is not the one that its leaves make',
  checkpoint: 'the root of the leaves is not the one that was signed',
  signature: 'the checkpoint is not signed as the key of the log has it',
  object: 'an object that the leaf refers to is gone or was changed',
  fact: 'the note of what the log said last is not what it said',
  schedule: 'the schedule is not the one that the log says',
  tick: 'what became of a time at which the schedule was due is not what the log says',
  'sweep-gone': 'the sweep is gone, and no leaf says that it was pruned',
  'sweep-unlogged': 'the sweep is closed, and no leaf tells of it',
  'sweep-field': 'the sweep was changed',
  'sweep-swapped': 'the rows of two sweeps were swapped',
  simulated: 'the number of simulated sweeps is not the one that the log says',
  policy: 'the text of the policy is gone or was changed',
  inventory: 'the inventory of the sweep is not the one of its leaf',
  evidence: 'the evidence of the sweep is not the one of its leaf',
  batch: 'a key of the batch was changed; which one cannot be told, because only hashes are kept',
  'batch-gone': 'the evidence of the batch is gone',
  'batch-row': 'the row of the batch was changed',
  'batch-swapped': 'the evidence of the batch was swapped with that of another one',
  'key-list': 'the keys of the batch, or what the inventory says of one, were changed',
  key: 'the key was changed',
  counts: 'the counts are not those of the keys',
  observation: 'what the vendor said was changed',
  entry: 'what the inventory says was changed',
  'event-gone': 'an event of the finding is gone',
  'event-changed': 'an event of the finding was changed',
  'event-added': 'an event of the finding is one that the log does not know',
  'finding-state': 'the finding is not in the state of its newest event',
  'finding-history': 'the events of the finding do not follow each other: one is gone or was added',
  'finding-name': 'the finding bears the fingerprint of another one',
  'finding-field': 'the finding is not as its sweeps, its events and its rule make it',
  waiver: 'the waiver of the finding is not the one that the log says',
  approval: 'the approval of the waiver is not the one that the log says',
  'acknowledgement-gone': 'the acknowledgement is gone, or says something else',
  'acknowledgement-unlogged': 'the acknowledgement is one that the log does not know',
  'review-gone': 'the review is gone',
  'review-unlogged': 'the review is one that the log does not know',
  'review-field': 'the review was changed',
  'review-list': 'the list of its keys was changed',
  decision: 'a decision was changed, removed or added',
};

/** A difference as one line: where it is, what it is, what it was and is now. */
export function renderDifference(difference: RecordDifference): string {
  const { code, field, was, is } = difference;
  const changes = [
    ...(field === undefined ? [] : [field]),
    ...(was === undefined ? [] : [`was ${was}`]),
    ...(is === undefined ? [] : [`is now ${is}`]),
  ].join(', ');
  const what = changes === '' ? words[code] : `${words[code]}: ${changes}`;
  const where = placeOf(difference);
  return where === '' ? what : `${where}: ${what}`;
}

function placeOf({ leaf, sweep, source, keyId, rule, place }: RecordDifference): string {
  return [
    ...(leaf === undefined ? [] : [`leaf ${leaf}`]),
    ...(sweep === undefined ? [] : [`sweep ${sweep}`]),
    ...(place === undefined ? [] : [place]),
    ...(keyId === undefined ? [] : [`key ${source === undefined ? '' : `${source}/`}${keyId}`]),
    ...(keyId === undefined && source !== undefined ? [`source ${source}`] : []),
    ...(rule === undefined ? [] : [`rule ${rule}`]),
  ].join(', ');
}
