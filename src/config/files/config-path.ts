import { resolve } from 'node:path';
import type { Environment } from '../substitute.ts';

export interface ConfigPlace {
  /** From `--config`. */
  readonly path?: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
}

const defaultPath = 'config/keysweep.yaml';

/** Where keysweep.yaml is. */
export function configPath({ path, env, cwd }: ConfigPlace): string {
  return resolve(cwd, path ?? (env['KEYSWEEP_CONFIG'] || defaultPath));
}
