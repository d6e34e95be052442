import { heartbeatId } from '../../alert/destinations.ts';
import type { Config } from '../../config/config.ts';
import { alertingOf } from '../../record/outbox/alerting.ts';
import { say, type Terminal } from '../terminal.ts';

/**
 * The channel may be a removed one whose alerts are kept; more often its name is mistyped. `config`:
 * undefined where a server has it.
 */
export function noteUnknownChannel(
  terminal: Terminal,
  config: Config | undefined,
  { channel, quiet }: { readonly channel?: string | undefined; readonly quiet: boolean },
): void {
  if (config === undefined) return;
  const known = [
    ...alertingOf(config).formats.keys(),
    ...[...config.heartbeats.keys()].map(heartbeatId),
  ];
  if (channel === undefined || quiet || known.includes(channel)) return;
  const names = known.length === 0 ? 'none' : known.join(', ');
  say(terminal, `note: the configuration has no channel ${channel}; it has ${names}`);
}
