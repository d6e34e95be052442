import type { Config } from '../../config/config.ts';
import { warnOfApprovals } from '../../config/warnings/warn-of-approvals.ts';
import { warnOfRoutes } from '../../config/warnings/warn-of-routes.ts';
import { describeWaiting } from '../../evaluate/waivers/approvals.ts';
import { listWaivers } from '../../operations/waivers/list-waivers.ts';
import { findStrangeTypes, watchRules } from '../../policy-test/watch-rules.ts';
import { watchWaivers } from '../../policy-test/watch-waivers.ts';
import { keysOfInventory, watchKeys } from '../../policy-test/watched-keys.ts';
import { safeText } from '../../report/safe-text.ts';
import { documentedTypesOf } from '../../sources/vendors.ts';
import { renderCount } from '../../text/render-count.ts';
import { writeText } from '../output/write-output.ts';
import { type ExitCode, say, type Terminal } from '../terminal.ts';
import { type LoadedConfig, loadConfig } from './load-config.ts';
import { renderWaivers } from './render-waivers.ts';

/**
 * `keysweep config validate`: every mistake a line, or what is there and which waivers end. Warns of
 * rules and waivers that match nothing: they are no mistakes, but what they are for is not done.
 */
export async function runConfigValidate(
  terminal: Terminal,
  options: { readonly config?: string },
): Promise<ExitCode> {
  const loaded = await loadConfig(terminal, options.config);
  const { config } = loaded;
  const { sources, inventory, schedules, alerts } = config;
  const { version, rules, waivers } = config.policy.policy;
  const written = rules.filter((rule) => !('due' in rule)).length;
  await writeText(
    terminal,
    `${config.file}: valid; ` +
      `${renderCount(inventory.count, 'key')} of ${renderCount(sources.length, 'source')}, ` +
      `policy ${version} with ${renderCount(written, 'rule')} and ` +
      `${renderCount(waivers.length, 'waiver')}, ` +
      `${renderCount(schedules.length, 'schedule')}, ` +
      `${renderCount(alerts.channels.length, 'channel')}\n`,
  );
  for (const warning of await warningsOf(config)) say(terminal, `warning: ${safeText(warning)}`);
  for (const line of await waitingOf(loaded, terminal)) await writeText(terminal, `${line}\n`);
  const ending = renderWaivers(waivers, new Date());
  if (ending !== undefined) await writeText(terminal, `${ending}\n`);
  return 0;
}

/** Everything else has been checked when the database is asked, so nobody waits for it long. */
const connectMs = 3_000;

/** The waivers that wait for an approval; if the store cannot be read, each may wait. */
async function waitingOf(loaded: LoadedConfig, terminal: Terminal): Promise<readonly string[]> {
  const { approvals, policy } = loaded.config;
  if (approvals === undefined || policy.policy.waivers.length === 0) return [];
  const { readWaivers } = await import('../policy/policy-waivers.ts');
  // Only now: clients of stores take long to load.
  const { storeOf } = await import('../server/choose-store.ts');
  const asked = readWaivers(storeOf(loaded, terminal), { connectMs });
  const listed = await asked.catch((error: Error) => {
    say(terminal, `warning: approvals cannot be read: ${safeText(error.message)}`);
    return listWaivers(loaded.config, []);
  });
  return listed.flatMap(({ id, waitsFor }) =>
    waitsFor.length === 0 ? [] : [safeText(describeWaiting(id, waitsFor))],
  );
}

async function warningsOf(config: Config): Promise<readonly string[]> {
  const { sources, inventory, policy } = config;
  const { rules, waivers } = policy.policy;
  const keys = keysOfInventory(inventory);
  const ofRules = watchRules(rules, keys.called);
  const ofWaivers = watchWaivers(waivers, keys.called);
  await watchKeys(keys, [ofRules, ofWaivers]);
  return [
    ...ofRules.describe(),
    ...findStrangeTypes(rules, documentedTypesOf(sources)),
    ...ofWaivers.describe(),
    ...(await warnOfRoutes(config)),
    ...warnOfApprovals(config),
  ];
}
