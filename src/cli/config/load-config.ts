import type { Config, Secrets } from '../../config/config.ts';
import { readConfig } from '../../config/read-config.ts';
import { renderMistakes } from '../../documents/mistake.ts';
import { CommandFailed, say, type Terminal } from '../terminal.ts';

export interface LoadedConfig {
  readonly config: Config;
  readonly secrets: Secrets;
}

/** Reads and checks the configuration. Throws with one line for each mistake. */
export async function loadConfig(
  terminal: Terminal,
  path: string | undefined,
  quiet = false,
): Promise<LoadedConfig> {
  const { loaded, wrong } = await checkConfig(terminal, path, quiet);
  if (loaded === undefined) throw new CommandFailed(wrong.join('\n'));
  return loaded;
}

/** For commands with mistakes of their own to add: the configuration, or its mistakes as lines. */
export async function checkConfig(
  terminal: Terminal,
  path: string | undefined,
  quiet: boolean,
): Promise<{ readonly loaded: LoadedConfig | undefined; readonly wrong: readonly string[] }> {
  const { env, cwd } = terminal;
  const read = await readConfig({ path, env, cwd });
  if (!read.ok) return { loaded: undefined, wrong: renderMistakes(read.mistakes) };
  if (!quiet) for (const warning of read.warnings) say(terminal, `warning: ${warning}`);
  return { loaded: { config: read.config, secrets: read.secrets }, wrong: [] };
}
