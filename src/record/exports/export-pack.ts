import { canonicalJson } from '../../evidence/canonical-json.ts';
import type { CheckedRecords } from '../../evidence/differences/check-result.ts';
import { renderDifference } from '../../evidence/differences/render-difference.ts';
import { encodeCheckpoint, parseCheckpoint } from '../../evidence/log/checkpoint.ts';
import { encodeNote, parseNote } from '../../evidence/log/note.ts';
import { rootFromTiles } from '../../evidence/log/tile-proofs.ts';
import { parseVerifierKey } from '../../evidence/log/verifier-key.ts';
import { encodePackInfo, type MadePackInfo } from '../../evidence/pack-files/pack-info.ts';
import { packFiles } from '../../evidence/pack-files/pack-paths.ts';
import type { PackFile } from '../../evidence/pack-files/pack-reader.ts';
import { encodePolicyCopy } from '../../evidence/pack-files/policy-copy.ts';
import { mostFileBytes } from '../../evidence/reading/limits.ts';
import type { TextMaker } from '../../evidence/summary/pack-texts.ts';
import { readLogHead, readNewestCheckpoint } from '../log/checkpoints.ts';
import { logTiles } from '../log/log-tiles.ts';
import type { Records } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { type ExportedPeriod, gatherExport } from './gather-export.ts';
import { readCheckpointFiles, readTileFiles } from './read-log-files.ts';
import { readObjects } from './read-objects.ts';
import { type CheckedLog, readProofFiles } from './read-proofs.ts';
import { readContentFiles, readListFiles } from './read-references.ts';
import { readTexts } from './read-texts.ts';

/** Whose log it is, as the configuration says. */
export interface ExportTerms extends ExportedPeriod {
  readonly origin: string | undefined;
  readonly verifierKey: string | undefined;
  /** The verifier keys of the witnesses. */
  readonly witnesses: readonly string[];
  /** This program. */
  readonly maker: TextMaker;
}

/** The log as a pack will have it. */
export interface ExportedLog extends CheckedLog {
  readonly origin: string;
  readonly installation: string;
  readonly isSigned: boolean;
}

/**
 * The log up to its newest checkpoint; up to its end where nobody has signed it. Throws
 * `RequestRefused` where there is no log.
 */
export async function readExportedLog(
  db: Records,
  configured: string | undefined,
): Promise<ExportedLog> {
  const head = await readLogHead(db);
  if (head === undefined) {
    throw new RequestRefused('the evidence log is empty: start keysweep, or run a sweep, first');
  }
  const { installation } = head;
  const newest = await readNewestCheckpoint(db);
  if (newest !== undefined) {
    const { size, note } = newest;
    const { origin } = parseCheckpoint(parseNote(note).text);
    return { size, checkpoint: note, origin, installation, isSigned: true };
  }
  const { size } = head;
  const origin = configured ?? `keysweep/${installation}`;
  const root = await rootFromTiles(size, logTiles(db));
  const text = encodeCheckpoint({ origin, size, root, extensions: [] });
  const checkpoint = encodeNote({ text, signatures: [] });
  return { size, checkpoint, origin, installation, isSigned: false };
}

/**
 * The files of a pack, in their order, as they are made. The first ones do not wait for the
 * comparison, so that there is something to send meanwhile. Throws `RequestRefused` where one would
 * be too large to be verified.
 */
export async function* exportPack(...given: Parameters<typeof makeFiles>): AsyncIterable<PackFile> {
  for await (const made of makeFiles(...given)) {
    refuseOversized(made);
    yield made;
  }
}

/** What one sweep changed stands in one file, however short the period is. */
export function refuseOversized({ path, bytes }: PackFile): void {
  if (bytes.length <= mostFileBytes) return;
  const most = `${mostFileBytes / 1024 / 1024} MiB`;
  const way = path.startsWith('summary') ? ': export a shorter period' : '';
  throw new RequestRefused(
    `${path} would be larger than ${most}, and nothing that verifies a pack reads more${way}`,
  );
}

async function* makeFiles(
  db: Records,
  terms: ExportTerms,
  log: ExportedLog,
  compare: () => Promise<CheckedRecords>,
): AsyncIterable<PackFile> {
  const { only } = terms;
  const plan = await gatherExport(db, log.size, terms);
  const info = infoOf(terms, log);
  const texts = await readTexts(db, plan, info, terms.maker);
  yield* texts.before(packFiles.checkpoint);
  yield file(packFiles.checkpoint, log.checkpoint);
  const checked = await compare();
  yield* readCheckpointFiles(db, log.size);
  yield* readContentFiles(db, plan);
  if (checked.differences.length > 0) {
    yield file(packFiles.differences, canonicalJson(checked.differences.map(renderDifference)));
  }
  yield* readListFiles(db, plan);
  yield* readObjects(db, plan);
  yield file(packFiles.info, encodePackInfo(info));
  const policy = policyOf(terms, log);
  if (policy !== undefined) yield file(packFiles.policy, policy);
  if (only !== null) yield* readProofFiles(db, plan, only, log);
  yield* texts.before('tile');
  yield* readTileFiles(db, log.size);
  yield* texts.rest();
}

function file(path: string, text: string): PackFile {
  return { path, bytes: Buffer.from(text) };
}

function infoOf({ from, to, only, maker }: ExportTerms, log: ExportedLog): MadePackInfo {
  const { size, origin, installation } = log;
  const period = { from: from.toISOString(), to: to.toISOString() };
  const key: [string, string] | null = only === null ? null : [only[0], only[1]];
  const { keysweep, timezones } = maker;
  return { ...period, only: key, size, origin, keysweep, timezones, installation };
}

/** A log that nobody signs has none. */
function policyOf({ verifierKey, witnesses }: ExportTerms, { isSigned }: ExportedLog) {
  if (!isSigned || verifierKey === undefined) return undefined;
  return encodePolicyCopy({
    logs: [parseVerifierKey(verifierKey)],
    witnesses: witnesses.map((key) => parseVerifierKey(key)),
  });
}
