import type { PackInfo } from '../pack-files/pack-info.ts';
import { packFiles } from '../pack-files/pack-paths.ts';
import type { PackReader } from '../pack-files/pack-reader.ts';
import { makeTexts, type TextMaker } from '../summary/pack-texts.ts';
import type { SummaryInput } from '../summary/summarise.ts';
import { incomplete, type PackProblem, tampered } from './problem.ts';
import { missingFile } from './read-pack-form.ts';

/** The files for people that this pack must have. */
export function listTexts({ only }: Pick<PackInfo, 'only'>): readonly string[] {
  const { guide, program, summaryPage, summaryTable } = packFiles;
  return [guide, program, ...(only === null ? [summaryPage, summaryTable] : [])];
}

export function checkTextsPresent(reader: PackReader, info: PackInfo): PackProblem[] {
  return listTexts(info).flatMap((path) => (reader.has(path) ? [] : [missingFile(path)]));
}

/**
 * Makes the files for people again, and compares each byte. Other bytes are no proof of a change
 * where another version of the program made them, or one that knew other time zones.
 */
export async function compareTexts(
  reader: PackReader,
  info: PackInfo,
  evidence: Omit<SummaryInput, 'info'>,
  maker: TextMaker,
): Promise<PackProblem[]> {
  const problems: PackProblem[] = [];
  for (const { path, bytes } of makeTexts(info, evidence, maker)) {
    if (!reader.has(path) || (await reader.read(path)).equals(bytes)) continue;
    problems.push(describe(path, info, maker));
  }
  return problems;
}

function describe(path: string, info: PackInfo, maker: TextMaker): PackProblem {
  if (info.keysweep === maker.keysweep && info.timezones === maker.timezones) {
    return tampered('file-differs', path, 'the evidence of the pack gives other bytes');
  }
  const made = `keysweep ${info.keysweep} with time zones ${info.timezones}`;
  const own = `keysweep ${maker.keysweep} with time zones ${maker.timezones}`;
  const message = `it was made by ${made}, and ${own} makes other bytes: verify with that version, or do without this file`;
  return incomplete('other-version', path, message);
}
