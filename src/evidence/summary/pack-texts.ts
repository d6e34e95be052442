import type { MadePackInfo } from '../pack-files/pack-info.ts';
import { packFiles } from '../pack-files/pack-paths.ts';
import type { PackFile } from '../pack-files/pack-reader.ts';
import { renderSummaryHtml } from './html/render-summary-html.tsx';
import { renderGuide } from './render-guide.ts';
import { renderSummaryCsv } from './render-summary-csv.ts';
import { type SummaryInput, summarise } from './summarise.ts';

/** What the texts of a pack depend on, beside its evidence. */
export interface MakerVersions {
  /** The version of the program. */
  readonly keysweep: string;
  /** The version of the time zones that it knows. */
  readonly timezones: string;
}

/** The program that makes the texts of a pack. */
export interface TextMaker extends MakerVersions {
  /** The bytes of its `verify.mjs`. */
  readonly program: Uint8Array;
}

/**
 * The files of a pack that are for people, in the order of their paths, made from its evidence alone.
 * A pack of one key has no summary, because that shows other keys.
 */
export function* makeTexts(
  info: MadePackInfo,
  evidence: Omit<SummaryInput, 'info'>,
  { program }: TextMaker,
): Iterable<PackFile> {
  yield { path: packFiles.guide, bytes: Buffer.from(renderGuide(info)) };
  if (info.only === null) {
    const summary = summarise({ info, ...evidence });
    yield { path: packFiles.summaryTable, bytes: Buffer.from(renderSummaryCsv(summary)) };
    yield { path: packFiles.summaryPage, bytes: Buffer.from(renderSummaryHtml(summary)) };
  }
  yield { path: packFiles.program, bytes: program };
}
