import type { Config } from '../../config/config.ts';
import { warnOfRoutes } from '../../config/warn-of-routes.ts';
import { collectKeys } from '../../inventory/listed-keys.ts';
import { findIdleRules, findStrangeTypes } from '../../policy-test/find-idle-rules.ts';
import { findIdleWaivers, keysOfInventory } from '../../policy-test/match-waivers.ts';
import { safeText } from '../../report/safe-text.ts';
import { documentedTypesOf } from '../../sources/vendors.ts';
import { renderCount } from '../../text/render-count.ts';
import { writeText } from '../output/write-output.ts';
import { type ExitCode, say, type Terminal } from '../terminal.ts';
import { loadConfig } from './load-config.ts';
import { renderWaivers } from './render-waivers.ts';

/**
 * `keysweep config validate`: every mistake a line, or what is there and which waivers end. Warns of
 * rules and waivers that match nothing: they are no mistakes, but what they are for is not done.
 */
export async function runConfigValidate(
  terminal: Terminal,
  options: { readonly config?: string },
): Promise<ExitCode> {
  const { config } = await loadConfig(terminal, options.config);
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
  const ending = renderWaivers(waivers, new Date());
  if (ending !== undefined) await writeText(terminal, `${ending}\n`);
  return 0;
}

async function warningsOf(config: Config): Promise<readonly string[]> {
  const { sources, inventory, policy } = config;
  const { rules, waivers } = policy.policy;
  const keys = keysOfInventory(await collectKeys(inventory));
  return [
    ...findIdleRules(rules, keys),
    ...findStrangeTypes(rules, documentedTypesOf(sources)),
    ...findIdleWaivers(waivers, keys),
    ...(await warnOfRoutes(config)),
  ];
}
