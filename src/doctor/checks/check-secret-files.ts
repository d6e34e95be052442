import { stat } from 'node:fs/promises';
import type { Examination } from '../examination.ts';
import { type Line, well } from '../line.ts';
import { planSecretFile } from '../plan/plan-secret-file.ts';

/** Whether others may read the files of secrets. Opens none of them. */
export async function checkSecretFiles({ secretFiles }: Examination): Promise<readonly Line[]> {
  const files = [...new Set(secretFiles)];
  if (files.length === 0) return [well('secret files', 'no option names a file')];
  return Promise.all(files.map(async (file) => planSecretFile(file, (await stat(file)).mode)));
}
