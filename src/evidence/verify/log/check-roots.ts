import { type PackProblem, tampered } from '../problem.ts';
import type { KeptCheckpoint } from '../trust.ts';
import type { PackCheckpoint } from './read-checkpoints.ts';
import { rootsAt } from './roots-at.ts';

export interface RootsInput {
  readonly hashes: readonly Buffer[];
  /** By size. */
  readonly checkpoints: readonly PackCheckpoint[];
  readonly kept: readonly KeptCheckpoint[];
  readonly origin: string;
}

/**
 * Compares the leaves with every checkpoint: those of the pack, and those that the auditor kept. A
 * checkpoint that fits an earlier size narrows the place of a change down.
 */
export function checkRoots({ hashes, checkpoints, kept, origin }: RootsInput): PackProblem[] {
  const size = hashes.length;
  const usable = checkpoints.filter((one) => one.size <= size);
  const seen = kept.filter((one) => one.origin === origin && one.size <= size);
  const roots = rootsAt(
    hashes,
    [...usable, ...seen].map((one) => one.size),
  );
  const fits = (one: { size: number; root: Buffer }) => roots.get(one.size)?.equals(one.root);
  return [
    ...differing(usable, fits, size),
    ...ofThisLog(kept, origin).flatMap((one) => {
      return checkKept(one, { origin, size, fits: fits(one) === true });
    }),
  ];
}

/**
 * Without the checkpoints of other logs, whose mails lie in the same mailbox. A file that has no other
 * is given by mistake, which must not look as if it had been compared.
 */
export function ofThisLog(kept: readonly KeptCheckpoint[], origin: string): KeptCheckpoint[] {
  const files = new Set(kept.filter((one) => one.origin === origin).map(({ file }) => file));
  return kept.filter((one) => one.origin === origin || !files.has(one.file));
}

type Fits = (one: PackCheckpoint) => boolean | undefined;

function differing(
  checkpoints: readonly PackCheckpoint[],
  fits: Fits,
  size: number,
): PackProblem[] {
  const wrong = checkpoints.filter((one) => !fits(one));
  const [first] = wrong;
  if (first === undefined) return [];
  const isWhole = wrong.some((one) => one.size === size);
  if (!isWhole) {
    return wrong.map(({ path, size: at }) => {
      const message = `it stands for other first ${at} leaves than the newest checkpoint: two histories were told`;
      return tampered('fork', path, message);
    });
  }
  const before = checkpoints.filter((one) => fits(one) && one.size < first.size).at(-1)?.size ?? 0;
  const which =
    before === first.size - 1
      ? `leaf ${before} is`
      : `some of the leaves ${before} to ${first.size - 1} are`;
  const message = `${which} not what the checkpoint of size ${first.size} stands for`;
  return [tampered('root-differs', first.path, message)];
}

interface KeptFacts {
  readonly origin: string;
  readonly size: number;
  readonly fits: boolean;
}

function checkKept(kept: KeptCheckpoint, { origin, size, fits }: KeptFacts): PackProblem[] {
  const { file } = kept;
  if (kept.origin !== origin) {
    const message = `the checkpoint is of the log ${kept.origin}, and the pack is of ${origin}`;
    return [tampered('other-log', file, message)];
  }
  if (kept.size > size) {
    const message = `the log had ${kept.size} leaves when this checkpoint was made, and the pack has ${size}: its end was cut off`;
    return [tampered('tail-cut', file, message)];
  }
  if (fits) return [];
  const message = `the first ${kept.size} leaves of the pack are not those that this checkpoint stands for: two histories were told`;
  return [tampered('fork', file, message)];
}
