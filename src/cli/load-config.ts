import type { Config, Secrets } from '../config/config.ts';
import { renderMistakes } from '../config/mistake.ts';
import { readConfig } from '../config/read-config.ts';
import { CommandFailed, say, type Terminal } from './terminal.ts';

export interface LoadedConfig {
  readonly config: Config;
  readonly secrets: Secrets;
}

/** The checked configuration; every mistake in it is a line, and then nothing is opened. */
export async function loadConfig(
  terminal: Terminal,
  path: string | undefined,
  quiet = false,
): Promise<LoadedConfig> {
  const { env, cwd } = terminal;
  const read = await readConfig({ path, env, cwd });
  if (!read.ok) throw new CommandFailed(renderMistakes(read.mistakes).join('\n'));
  if (!quiet) for (const warning of read.warnings) say(terminal, `warning: ${warning}`);
  return { config: read.config, secrets: read.secrets };
}
