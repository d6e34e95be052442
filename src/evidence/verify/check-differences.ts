import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { listOf } from '../list-of.ts';
import { packFiles } from '../pack-files/pack-paths.ts';
import type { PackReader } from '../pack-files/pack-reader.ts';
import { type PackProblem, tampered } from './problem.ts';
import { readPackForm } from './read-pack-form.ts';

/** As many are told one by one. */
const mostTold = 100;

const lines = listOf(z.string()).refine((list) => list.length > 0);

/** What the export found to differ between the records and their log: that alone is a problem. */
export async function checkDifferences(reader: PackReader): Promise<PackProblem[]> {
  const path = packFiles.differences;
  if (!reader.has(path)) return [];
  const read = await readPackForm(reader, path, parseDifferences);
  if (!read.ok) return [found('the file says how')];
  const more = read.value.length - mostTold;
  return [
    ...read.value.slice(0, mostTold).map(found),
    ...(more > 0 ? [found(`and ${more} more, in the file`)] : []),
  ];
}

function found(line: string): PackProblem {
  const message = `the records differed from the log when the pack was written: ${line}`;
  return tampered('differences-found', packFiles.differences, message);
}

function parseDifferences(text: string): readonly string[] | undefined {
  const read = lines.safeParse(JSON.parse(text));
  return read.success && canonicalJson(read.data) === text ? read.data : undefined;
}
