/** The version of the layout that this program writes and reads. */
export const packVersion = 1;

/** The files of a pack that have one name. docs/evidence-pack.md describes each. */
export const packFiles = {
  info: 'pack.json',
  checkpoint: 'checkpoint',
  differences: 'differences.json',
  policy: 'policy.txt',
  summaryPage: 'summary.html',
  summaryTable: 'summary.csv',
  guide: 'VERIFY.md',
  program: 'verify.mjs',
} as const;

/** The checkpoint of the log at an earlier size. */
export function checkpointPath(size: number): string {
  return `checkpoints/${size}`;
}

/** `sha256`: of the bytes of the object, in hex. */
export function objectPath(sha256: string): string {
  return `objects/${sha256}`;
}

/** `listHash`: in hex; see `hashPackedList`. */
export function listPath(listHash: string): string {
  return `lists/${listHash}`;
}

/** `index`: from 0. */
export function contentsPath(index: number): string {
  return `contents/${String(index).padStart(6, '0')}`;
}

/** The proof of one key in the sweep that closed with the leaf `n`. */
export function keyProofPath(n: number): string {
  return `proofs/${n}.json`;
}

/** The proof that the leaf `n` is in the log. */
export function leafProofPath(n: number): string {
  return `proofs/${n}.tlog-proof`;
}

const hash = '[0-9a-f]{64}';
const decimal = '(?:0|[1-9][0-9]{0,15})';

const families = {
  checkpoint: new RegExp(`^checkpoints/(${decimal})$`),
  object: new RegExp(`^objects/(${hash})$`),
  list: new RegExp(`^lists/(${hash})$`),
  contents: /^contents\/([0-9]{6,})$/,
  keyProof: new RegExp(`^proofs/(${decimal})\\.json$`),
  leafProof: new RegExp(`^proofs/(${decimal})\\.tlog-proof$`),
} as const;

export type PackFamily = keyof typeof families;

/** What stands in a path of this family between its fixed parts; undefined for any other path. */
export function parsePackPath(family: PackFamily, path: string): string | undefined {
  return families[family].exec(path)?.[1];
}

/** The order of files in a pack: by the bytes of their paths, which are ASCII. */
export function comparePaths(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
