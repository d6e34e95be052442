import { describeChannel } from '../../alert/channels/index.ts';
import { createChannels } from '../../alert/create-channels.ts';
import { type ChannelTest, findChannel, tryChannel } from '../../alert/try-channel.ts';
import { createLog } from '../../app/create-log.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { writeText } from '../output/write-output.ts';
import { type AskedStore, chooseStore } from '../server/choose-store.ts';
import type { StoreOptions } from '../server/read-server.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';

/**
 * `keysweep alerts test CHANNEL`: makes one attempt, in this process or the server, without the
 * store and without the rate limit. Exits 2 unless the message arrives everywhere.
 */
export async function runAlertsTest(
  terminal: Terminal,
  id: string,
  options: StoreOptions,
): Promise<ExitCode> {
  const { loaded, open } = await chooseStore(terminal, options);
  const note = (line: string | undefined) => {
    if (line !== undefined && !options.quiet) say(terminal, line);
  };
  const { channel, type, ms, problem } =
    loaded === undefined
      ? await testThere(await open(), id)
      : await testHere(terminal, loaded, id, note);
  if (loaded === undefined) note(describeChannel(type).testNote);
  if (problem !== null) throw new CommandFailed(problem);
  await writeText(terminal, `delivered to ${channel} (${type}) in ${(ms / 1_000).toFixed(1)} s\n`);
  return 0;
}

async function testThere({ operations, detach }: AskedStore, id: string): Promise<ChannelTest> {
  try {
    return await operations.testChannel({ id });
  } catch (error) {
    throw error instanceof RequestRefused ? new CommandFailed(error.message) : error;
  } finally {
    await detach();
  }
}

async function testHere(
  { signal }: Terminal,
  { config, secrets }: LoadedConfig,
  id: string,
  note: (line: string | undefined) => void,
): Promise<ChannelTest> {
  const { channels, allowPrivateNetworks } = config.alerts;
  const made = createChannels({
    channels,
    owners: config.owners,
    heartbeats: config.heartbeats,
    secrets,
    allowPrivateNetworks,
    proxies: secrets.proxies,
    log: createLog(config.logLevel, secrets),
    now: () => new Date(),
  });
  const found = findChannel(made, config, id);
  if (typeof found === 'string') throw new CommandFailed(found);
  note(describeChannel(found.type).testNote);
  return tryChannel(found, new Date(), signal).catch((error) => {
    if (!signal.aborted) throw error;
    throw new CommandFailed('stopped; the test message may or may not have arrived');
  });
}
