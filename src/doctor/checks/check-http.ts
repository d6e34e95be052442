import { stat } from 'node:fs/promises';
import type { Examination } from '../examination.ts';
import { broken, type Line, well } from '../line.ts';
import { planHttp } from '../plan/plan-http.ts';
import { planSecretFile } from '../plan/plan-secret-file.ts';

/** Who may ask over HTTP. Without a server, there is nothing to say. */
export async function checkHttp({ config }: Examination): Promise<readonly Line[]> {
  const { http } = config;
  if (http === undefined) return [];
  const own = http.ownTokenFile === undefined ? [] : [await checkFile(http.ownTokenFile)];
  return [...planHttp(http), ...own];
}

async function checkFile(file: string): Promise<Line> {
  try {
    return planSecretFile(file, (await stat(file)).mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return well(file, 'start will make a token here');
    return broken(file, `the token cannot be read (${code})`, 'let this user read it');
  }
}
