import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { PackInfo } from '../pack-files/pack-info.ts';
import { packFiles } from '../pack-files/pack-paths.ts';
import type { PackReader } from '../pack-files/pack-reader.ts';
import { isWithin, type Period } from '../period.ts';
import type { TextMaker } from '../summary/pack-texts.ts';
import { listSweeps } from '../sweeps/closed-sweeps.ts';
import { listTerms } from '../ticks/list-terms.ts';
import { checkDifferences } from './check-differences.ts';
import { checkLayout, checkSize, listFaults, unknownFile } from './check-layout.ts';
import { checkPolicyCopy } from './check-policy-copy.ts';
import { checkTextsPresent, compareTexts } from './check-texts.ts';
import { checkTicks } from './check-ticks.ts';
import { limitProblems } from './limit-problems.ts';
import { checkCosigning } from './log/check-cosigning.ts';
import { checkOrder } from './log/check-order.ts';
import { checkRoots, ofThisLog } from './log/check-roots.ts';
import { checkSignatures, type SignaturesChecked } from './log/check-signatures.ts';
import { makeKeyRing } from './log/key-ring.ts';
import { type CheckpointsRead, readCheckpoints } from './log/read-checkpoints.ts';
import { type LeavesRead, readLeaves } from './log/read-leaves.ts';
import { incomplete, leafPlace, type PackProblem, tampered } from './problem.ts';
import { readInfo } from './read-info.ts';
import { malformedFile } from './read-pack-form.ts';
import { checkOthers } from './sweeps/check-others.ts';
import { checkProofs } from './sweeps/check-proofs.ts';
import { checkSweeps, type SweepsChecked } from './sweeps/check-sweeps.ts';
import { judgeSweeps } from './sweeps/judge-sweeps.ts';
import { readContents } from './sweeps/pack-contents.ts';
import { openLists } from './sweeps/pack-lists.ts';
import { openObjects } from './sweeps/pack-objects.ts';
import type { KeptCheckpoint, Trust } from './trust.ts';
import { judgeProblems, type Verification } from './verification.ts';

export interface VerifyInput {
  readonly reader: PackReader;
  readonly trust: Trust;
  readonly kept: readonly KeptCheckpoint[];
  /** What is asked for; an end that is undefined is that of the pack. */
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  /** This program. */
  readonly maker: TextMaker;
}

/**
 * Verifies a pack by nothing but its files and what the auditor trusts. Throws `PackUnreadable` for
 * what is no pack, one that is cut off, or one of another version.
 */
export async function verifyPack(input: VerifyInput): Promise<Verification> {
  const { reader } = input;
  // An archive that was not read to its end has no files to go on with.
  if (reader.faults.length > 0 && !reader.has(packFiles.info)) return stopped(listFaults(reader));
  const info = await readInfo(reader);
  if (info === undefined) return stopped([malformedFile(packFiles.info)]);
  const tooFew = checkSize(reader, info);
  if (tooFew !== undefined) return stopped([...listFaults(reader), tooFew]);
  const period = { from: input.from ?? new Date(info.from), to: input.to ?? new Date(info.to) };
  const differences = await checkDifferences(reader);
  const layout = [...checkLayout(reader, info), ...differences, ...checkTextsPresent(reader, info)];
  const checkpoints = await readCheckpoints(reader);
  const read = await readLeaves(reader, info.size);
  if (read.hashes === undefined) {
    return stopped([...layout, ...checkpoints.problems, ...read.problems]);
  }
  const stages: Stages = { input, info, period, checkpoints, read, hashes: read.hashes };
  const log = await checkLog(stages);
  // What nobody vouches for is not worth the work, and what it says of itself is worth nothing.
  if (log.isForeign) return stopped([...layout, ...log.problems]);
  const work = await checkWork(stages, log);
  const before = [...layout, ...log.problems, ...work.problems];
  const { leaves } = read;
  const evidence = { leaves, ...work.evidence };
  const texts = isUnchanged(before) ? await compareTexts(reader, info, evidence, input.maker) : [];
  const problems = limitProblems([...before, ...texts]);
  const [first, newest] = [leaves[0]?.at, leaves.at(-1)?.at];
  const compared = ofThisLog(input.kept, info.origin).length;
  return {
    verdict: judgeProblems(problems),
    problems,
    found: {
      ...{ info, period, ticks: work.ticks, sweeps: work.sweeps },
      log: first && newest && { first, newest },
      checkpoint: log.checkpoints.find(({ path }) => path === packFiles.checkpoint),
      kept: { compared, ofOtherLogs: input.kept.length - compared },
      isWitnessed: input.trust.quorum.kind !== 'none',
      changes: listChanges(leaves, period),
    },
  };
}

function stopped(problems: readonly PackProblem[]): Verification {
  return {
    verdict: judgeProblems(problems),
    problems: limitProblems(problems),
    found: undefined,
  };
}

function isUnchanged(problems: readonly PackProblem[]): boolean {
  return problems.every(({ exit }) => exit !== 1);
}

interface Stages {
  readonly input: VerifyInput;
  readonly info: PackInfo;
  readonly period: Period;
  readonly checkpoints: CheckpointsRead;
  readonly read: LeavesRead;
  readonly hashes: readonly Buffer[];
}

/** Whether the log is the one that was signed. */
async function checkLog({ input, info, checkpoints, read, hashes }: Stages) {
  const { reader, trust, kept } = input;
  const { origin } = info;
  const { leaves } = read;
  const { newest, all } = checkpoints;
  const ring = makeKeyRing(leaves, trust.logKeys, origin);
  const isSigned = all.some(({ note }) => note.signatures.length > 0);
  const copy = await checkPolicyCopy(reader, ring, isSigned);
  const named = copy.witnesses;
  const signatures = checkSignatures({ checkpoints: all, ring, trust, named, origin });
  const problems = [
    ...checkpoints.problems,
    ...read.problems,
    ...(newest === undefined || newest.size === info.size ? [] : [otherSize(info, newest.size)]),
    ...checkRoots({ hashes, checkpoints: all, kept, origin }),
    // Without one signature of a trusted key, that nobody vouches for other keys says nothing more.
    ...(signatures.isForeign ? [] : [...ring.problems, ...copy.problems]),
    ...signatures.problems,
    ...checkOrder(leaves, info),
  ];
  const { isForeign } = signatures;
  return { problems, checkpoints: signatures.checkpoints, isForeign };
}

function otherSize({ size }: PackInfo, signed: number): PackProblem {
  const message = `the pack has ${size} leaves, and its newest checkpoint stands for ${signed}`;
  return tampered('root-differs', packFiles.checkpoint, message);
}

/** Whether the log and the objects show that all that was due was done. */
async function checkWork(stages: Stages, { checkpoints }: Pick<SignaturesChecked, 'checkpoints'>) {
  const { input, info, period, read } = stages;
  const { leaves } = read;
  const packed = { from: new Date(info.from), to: new Date(info.to) };
  const sweeps = listSweeps(leaves, period);
  const terms = listTerms(leaves);
  const cosigning = checkCosigning({ sweeps, terms, checkpoints, quorum: input.trust.quorum });
  const ticks = checkTicks(leaves, period, cosigning.witnessed);
  const judged = judgeSweeps(sweeps);
  const objects = await checkObjects(stages, packed);
  const problems = [
    ...checkAsked(period, packed),
    ...ticks.problems,
    ...judged.problems,
    ...listSimulated(leaves),
    ...objects.problems,
    ...cosigning.problems,
  ];
  const { changes, policies } = objects;
  const evidence = { changes, policies };
  return { problems, ticks: ticks.counts, sweeps: judged.facts, evidence };
}

async function checkObjects(
  { input, info, period, checkpoints, read, hashes }: Stages,
  packed: Period,
): Promise<SweepsChecked> {
  const { reader } = input;
  const { leaves } = read;
  const { only } = info;
  const objects = openObjects(reader);
  if (only !== null) {
    const sweeps = listSweeps(leaves, packed);
    const checkpoint = checkpoints.newest;
    const input = checkpoint && { leaves, sweeps, only, checkpoint, hashes };
    const proofs = input && (await checkProofs(reader, input, objects));
    return { problems: proofs ?? [], changes: new Map(), policies: new Map() };
  }
  const lists = openLists(reader);
  const contents = await readContents(reader);
  const sources = { objects, lists, contents };
  const checked = await checkSweeps({ leaves, packed, asked: period }, sources);
  const others = await checkOthers(leaves, packed, objects);
  const problems = [
    ...contents.problems,
    ...checked.problems,
    ...others,
    ...objects.problems,
    ...lists.problems,
  ];
  // What a broken object refers to is not known, so other files may be there for its sake.
  const unused = isUnchanged(problems)
    ? [
        ...[...objects.listUnused(), ...lists.listUnused()].map(unknownFile),
        ...contents.listUnused(),
      ]
    : [];
  const { changes, policies } = checked;
  return { problems: [...problems, ...unused], changes, policies };
}

/** An end that nobody asks for is that of the pack, so that the other may lie behind it. */
function checkAsked(asked: Period, packed: Period): PackProblem[] {
  const isTime = asked.from < asked.to;
  if (isTime && asked.from >= packed.from && asked.to <= packed.to) return [];
  const [from, to] = [packed.from.toISOString(), packed.to.toISOString()];
  const message = `the pack has the evidence of ${from} to ${to} only, and another time was asked for`;
  return [incomplete('not-covered', 'period', message)];
}

function listSimulated(leaves: readonly NumberedLeaf[]): PackProblem[] {
  return leaves.flatMap(({ n, event }) => {
    if (event.event !== 'simulated') return [];
    const message = `${event.sweeps} sweeps from ${event.from} to ${event.to} were invented, as a demonstration`;
    return [incomplete('simulated', leafPlace(n), message)];
  });
}

const changing: ReadonlySet<string> = new Set([
  ...['policy-set', 'schedule-set', 'schedule-removed', 'retention-set', 'key-rotated'],
]);

function listChanges(leaves: readonly NumberedLeaf[], period: Period): readonly NumberedLeaf[] {
  return leaves.filter(({ at, event }) => changing.has(event.event) && isWithin(period, at));
}
