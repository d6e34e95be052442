import type { Logger } from 'pino';
import { z } from 'zod';
import { changeArrays } from '../../message.ts';
import type { AlertChannel, OutgoingAlert } from '../channel.ts';
import { parseJson } from '../parse-json.ts';
import { logChannel } from './describe.ts';
import { changedSchema, type LoggedChanges } from './logged-changes.ts';
import { writeLines, writeNotice } from './write-lines.ts';

const mostLogged = 100;

const body = z.object({ data: z.looseObject({}) });

export interface LogOptions {
  readonly id: string;
  readonly log: Logger;
  /** Shows a line to a person at a terminal, instead of JSON in the log. */
  readonly tell?: ((line: string) => void) | undefined;
}

/**
 * A channel that writes each alert as one log line at level info, whatever the log's own level: an
 * alert that is filtered out would not be delivered.
 */
export function createLogChannel({ id, log, tell }: LogOptions): AlertChannel {
  const line = log.child({ channel: id }, { level: 'info' });
  return {
    id,
    format: logChannel.format,
    async deliver(alert, signal) {
      signal.throwIfAborted();
      const read = readAlert(alert);
      if (typeof read === 'string') return { kind: 'permanent', detail: read };
      const { data, changes } = read;
      if (tell === undefined) line.info(fieldsOf(alert, data, changes), 'alert');
      else for (const one of linesOf(alert.type, data, changes)) tell(one);
      return { kind: 'delivered' };
    },
  };
}

/** What is wrong with the body is a text. */
function readAlert({ type, body: text }: OutgoingAlert) {
  const parsed = body.safeParse(parseJson(text));
  if (!parsed.success) return 'the body is not an alert';
  const { data } = parsed.data;
  if (type !== 'findings.changed') return { data, changes: undefined };
  const changes = changedSchema.safeParse(data);
  return changes.success ? { data, changes: changes.data } : 'the body is not a list of findings';
}

function fieldsOf({ id, type }: OutgoingAlert, data: object, changes: LoggedChanges | undefined) {
  return { alert: id, type, ...(changes === undefined ? { data } : summarize(changes)) };
}

function linesOf(type: string, data: object, changes: LoggedChanges | undefined) {
  return changes === undefined ? writeNotice(type, data) : writeLines(changes);
}

function summarize({ sweep, coverage, part, parts, ...lists }: LoggedChanges) {
  const listed = changeArrays.flatMap((name) =>
    lists[name].map(({ message: _, acknowledgement, ...one }) => ({
      ...{ told: name, ...one },
      ...(acknowledgement == null ? {} : { acknowledgement }),
    })),
  );
  const counts = Object.fromEntries(changeArrays.map((name) => [name, lists[name].length]));
  return { sweep, coverage, part, parts, ...counts, findings: listed.slice(0, mostLogged) };
}
