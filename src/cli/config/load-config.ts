import type { Config, Secrets } from '../../config/config.ts';
import { readConfig } from '../../config/read-config.ts';
import { renderMistakes } from '../../documents/mistake.ts';
import { CommandFailed, say, type Terminal } from '../terminal.ts';

export interface LoadedConfig {
  readonly config: Config;
  readonly secrets: Secrets;
}

interface LoadedFile extends LoadedConfig {
  /** Of keysweep.yaml. It may hold secrets. */
  readonly text: string;
}

interface Loading {
  /** Without the warnings. */
  readonly quiet?: boolean | undefined;
  /** The text of keysweep.yaml, instead of what the file holds now. */
  readonly text?: string | undefined;
}

/** Reads and checks the configuration. Throws with one line for each mistake. */
export async function loadConfig(
  terminal: Terminal,
  path: string | undefined,
  loading: Loading = {},
): Promise<LoadedFile> {
  const { loaded, wrong } = await checkConfig(terminal, path, loading);
  if (loaded === undefined) throw new CommandFailed(wrong.join('\n'));
  return loaded;
}

/** For commands with mistakes of their own to add: the configuration, or its mistakes as lines. */
export async function checkConfig(
  terminal: Terminal,
  path: string | undefined,
  { quiet = false, text }: Loading,
): Promise<{ readonly loaded: LoadedFile | undefined; readonly wrong: readonly string[] }> {
  const { env, cwd } = terminal;
  const read = await readConfig({ path, env, cwd, text });
  if (!read.ok) return { loaded: undefined, wrong: renderMistakes(read.mistakes) };
  if (!quiet) for (const warning of read.warnings) say(terminal, `warning: ${warning}`);
  return { loaded: { config: read.config, secrets: read.secrets, text: read.text }, wrong: [] };
}
