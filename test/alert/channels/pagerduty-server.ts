import type { ServerResponse } from 'node:http';
import { openReceiver, type Receiver } from './receiver.ts';

export interface ImitatedIncident {
  status: 'triggered' | 'resolved';
  /** Of the event that opened it; what comes later does not change it. */
  readonly summary: string;
  readonly severity: string;
  /** How many triggers it took since it was opened. */
  triggers: number;
}

export interface PagerdutyServer extends Receiver {
  readonly url: string;
  /** Every incident there was, in order, by its key; one that is opened again is another. */
  readonly incidents: (ImitatedIncident & { readonly key: string })[];
  /** Why it refused events, in order. */
  readonly refused: string[];
}

export interface Fault {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

export const routingKey = 'e93facc04764012d7bfb002500d5d1a6';

/** What is left of an event to look at, once it was checked. */
interface TakenEvent {
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload: { readonly summary: string; readonly severity: string };
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Imitates PagerDuty's Events API v2 by what its schema and Alertmanager's sources say: required
 * fields, limits, one incident a key. `fault` may answer in its place, by the count of the request.
 */
export async function openPagerduty(
  fault: (count: number) => Fault | undefined = () => undefined,
): Promise<PagerdutyServer> {
  const incidents: PagerdutyServer['incidents'] = [];
  const refused: string[] = [];
  const receiver = await openReceiver((response, count) => {
    const { body = '', headers } = receiver.received[count - 1] ?? {};
    const failing = fault(count);
    if (failing !== undefined) {
      response.writeHead(failing.status, failing.headers).end(`no: ${body}`);
      return;
    }
    const errors = [
      ...(headers?.['content-type'] === 'application/json' ? [] : ['content-type']),
      ...errorsOf(body),
    ];
    if (errors.length > 0) return refuse(response, errors, body);
    const event = JSON.parse(body);
    process(event);
    const said = { status: 'success', message: 'Event processed', dedup_key: event.dedup_key };
    response.writeHead(202).end(JSON.stringify(said));
  });

  function refuse(response: ServerResponse, errors: readonly string[], body: string) {
    refused.push(...errors);
    // As a server might, it says back what it was sent, the key with it.
    const said = { status: 'invalid event', message: 'Event object is invalid', errors, body };
    response.writeHead(400).end(JSON.stringify(said));
  }

  function process({ event_action: action, dedup_key: key, payload }: TakenEvent) {
    const open = incidents.find((one) => one.key === key && one.status === 'triggered');
    if (action === 'resolve') {
      if (open !== undefined) open.status = 'resolved';
      return;
    }
    if (open !== undefined) open.triggers += 1;
    else {
      const { summary, severity } = payload;
      incidents.push({ key, status: 'triggered', summary, severity, triggers: 1 });
    }
  }

  return { ...receiver, url: `${receiver.origin}/v2/enqueue`, incidents, refused };
}

function errorsOf(body: string): readonly string[] {
  if (Buffer.byteLength(body) > 512_000) return ['more than 512,000 bytes'];
  const event = parse(body);
  if (event === undefined) return ['JSON parse error'];
  const { routing_key: key, event_action: action, dedup_key: dedup, client } = event;
  return [
    ...(isText(key, 32, 32) ? [] : ["Length of 'routing_key' is incorrect"]),
    ...(['trigger', 'acknowledge', 'resolve'].includes(String(action)) ? [] : ["'event_action'"]),
    ...(isText(dedup, 1, 255) || (action === 'trigger' && dedup === undefined)
      ? []
      : ["'dedup_key'"]),
    ...(client === undefined || isText(client, 1, 255) ? [] : ["'client'"]),
    ...(action === 'trigger' ? payloadErrors(asFields(event['payload'])) : []),
  ];
}

function payloadErrors(payload: Fields | undefined): readonly string[] {
  if (payload === undefined) return ["'payload' is missing or blank"];
  const { summary, source, severity, timestamp, custom_details: details } = payload;
  const optional = ['component', 'group', 'class'].filter(
    (name) => payload[name] !== undefined && !isText(payload[name], 1, 255),
  );
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;
  return [
    ...(isText(summary, 1, 1_024) ? [] : ["'payload.summary'"]),
    ...(isText(source, 1, 255) ? [] : ["'payload.source'"]),
    ...(['critical', 'error', 'warning', 'info'].includes(String(severity)) ? [] : ["'severity'"]),
    ...(timestamp === undefined || instant.test(String(timestamp)) ? [] : ["'timestamp'"]),
    ...optional.map((name) => `'payload.${name}'`),
    ...(details === undefined || asFields(details) !== undefined ? [] : ["'custom_details'"]),
  ];
}

function isText(value: unknown, least: number, most: number): boolean {
  return typeof value === 'string' && value.trim().length >= least && value.length <= most;
}

function parse(text: string): Fields | undefined {
  try {
    return asFields(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined;
}
