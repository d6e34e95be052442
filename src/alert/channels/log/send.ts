import type { Logger } from 'pino';
import { z } from 'zod';
import { changeArrays } from '../../message.ts';
import type { AlertChannel } from '../channel.ts';
import { parseJson } from '../parse-json.ts';
import { logChannel } from './describe.ts';

const mostLogged = 100;

/** The fields that an operator needs to act on a finding. Names of keys stay out of the log. */
const finding = z.object({
  rule: z.string(),
  severity: z.string(),
  status: z.string(),
  source: z.string(),
  keyId: z.string(),
});
const findings = z.array(finding);
const changed = z.object({
  sweep: z.unknown(),
  coverage: z.unknown(),
  part: z.number(),
  parts: z.number(),
  opened: findings,
  reopened: findings,
  resolved: findings,
  lapsed: findings,
  // Alerts of earlier versions have none.
  waived: findings.default([]),
  reminders: findings,
});

const body = z.object({ data: z.looseObject({}) });

export interface LogOptions {
  readonly id: string;
  readonly log: Logger;
}

/**
 * A channel that writes each alert as one log line at level info, whatever the log's own level: an
 * alert that is filtered out would not be delivered.
 */
export function createLogChannel({ id, log }: LogOptions): AlertChannel {
  const line = log.child({ channel: id }, { level: 'info' });
  return {
    id,
    format: logChannel.format,
    async deliver(alert, signal) {
      signal.throwIfAborted();
      const parsed = body.safeParse(parseJson(alert.body));
      if (!parsed.success) return { kind: 'permanent', detail: 'the body is not an alert' };
      const { data } = parsed.data;
      const changes = alert.type === 'findings.changed' ? changed.safeParse(data) : undefined;
      if (changes?.success === false) {
        return { kind: 'permanent', detail: 'the body is not a list of findings' };
      }
      const facts = changes === undefined ? { data } : summarize(changes.data);
      line.info({ alert: alert.id, type: alert.type, ...facts }, 'alert');
      return { kind: 'delivered' };
    },
  };
}

function summarize({ sweep, coverage, part, parts, ...lists }: z.output<typeof changed>) {
  const listed = changeArrays.flatMap((name) => lists[name].map((one) => ({ told: name, ...one })));
  const counts = Object.fromEntries(changeArrays.map((name) => [name, lists[name].length]));
  return { sweep, coverage, part, parts, ...counts, findings: listed.slice(0, mostLogged) };
}
