import type { Role } from '../../app/app-options.ts';
import type { Operations } from '../../operations/index.ts';
import type { AskedServer } from '../../operations/remote/server-client.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { canRedraw } from '../output/colors.ts';
import { type AttachOptions, attach } from '../run/attach.ts';
import type { Terminal } from '../terminal.ts';
import { readServer, type StoreOptions } from './read-server.ts';

/** The store that a command is about, before anything is opened. */
export interface ChosenStore {
  /** Undefined where a server is asked: it has the configuration. */
  readonly loaded: LoadedConfig | undefined;
  /** `roles`: the work that this process does meanwhile, unless a server is asked. */
  open(roles?: ReadonlySet<Role>, options?: AttachOptions): Promise<AskedStore>;
}

export interface AskedStore {
  readonly operations: Operations;
  /** Where what was asked goes on when this process ends, after “it continues”. */
  readonly goesOn: string;
  detach(): Promise<void>;
}

/** Reads the configuration, or chooses the server to ask instead. */
export async function chooseStore(terminal: Terminal, options: StoreOptions): Promise<ChosenStore> {
  const server = await chooseServer(terminal, options);
  return server ?? storeOf(await loadConfig(terminal, options.config, options), terminal);
}

/** The server to ask; undefined if none is named. */
export async function chooseServer(
  terminal: Terminal,
  options: StoreOptions,
): Promise<ChosenStore | undefined> {
  const server = await readServer(terminal, options);
  return server && { loaded: undefined, open: () => openRemote(server) };
}

/** The store of a configuration. */
export function storeOf(loaded: LoadedConfig, { env, stderr }: Terminal): ChosenStore {
  const redraws = canRedraw(env, stderr);
  return {
    loaded,
    open: async (roles = new Set(), options = {}) => ({
      ...(await attach(loaded, roles, { ...options, redraws })),
      goesOn: 'with the next run of keysweep',
    }),
  };
}

async function openRemote(server: AskedServer): Promise<AskedStore> {
  const [{ askThroughHttp }, { operationsThrough }] = await Promise.all([
    import('../../operations/remote/server-client.ts'),
    import('../../operations/remote/remote.ts'),
  ]);
  return {
    operations: operationsThrough(askThroughHttp(server)),
    goesOn: 'on the server',
    detach: async () => undefined,
  };
}
