import type { Logger } from 'pino';
import type { HeartbeatStyle } from '../alerts-config.ts';
import type { AlertChannel, ChannelOptions, Delivery } from './channel.ts';
import { judgeResult } from './judge-result.ts';
import { type RequestResult, request } from './request.ts';

/** The suffix of the URL's path for each call, as Healthchecks.io defines it. */
const endings: ReadonlyMap<string, string> = new Map([
  ['success', ''],
  ['start', '/start'],
  ['fail', '/fail'],
]);

/** Enough to distinguish the answers of Healthchecks.io. */
const answerBytes = 64;

export interface HeartbeatOptions extends ChannelOptions {
  /** `healthchecks` unless given. */
  readonly style?: HeartbeatStyle | undefined;
  readonly log: Pick<Logger, 'info'>;
}

/**
 * The heartbeat of a schedule. It calls its URL when a sweep has closed, `/start` under it when a
 * sweep opens and `/fail` when one fails; a plain one is called at its URL alone. Only an unknown
 * check is a permanent failure: if the calls stop, the monitor itself raises the alarm. A monitor
 * that knows no `/start` may know the rest, so that is noted once and is no failure.
 */
export function createHeartbeat(options: HeartbeatOptions): AlertChannel {
  const { id, url, style, log, allowPrivateNetworks, now, timeoutMs = 15_000 } = options;
  const { resolve, proxies } = options;
  let noted = false;
  const noteUnknownStart = (): Delivery => {
    if (!noted) {
      log.info(
        { channel: id },
        'the monitor of a heartbeat knows no /start; style: plain omits it',
      );
    }
    noted = true;
    return { kind: 'delivered' };
  };
  return {
    id,
    format: 'heartbeat',
    async deliver({ body }, signal) {
      signal.throwIfAborted();
      const { word, checkpoint } = split(body);
      const ending = endings.get(word);
      if (ending === undefined) return { kind: 'permanent', detail: 'the body is no heartbeat' };
      // Planned before the configuration changed: a plain monitor would take it for success.
      if (style === 'plain' && word !== 'success') return { kind: 'delivered' };
      const address = addEnding(url, ending);
      const reach = { url: address, timeoutMs, allowPrivateNetworks, resolve, proxies, signal };
      const result = await request({ ...reach, ...callWith(checkpoint), answerBytes });
      const delivery = judge(result, now());
      const isUnknown = result.kind === 'answered' && delivery.kind === 'permanent';
      return word === 'start' && isUnknown ? noteUnknownStart() : delivery;
    },
  };
}

/** The word of the call, and behind it a checkpoint of the evidence log, if there was one. */
function split(body: string) {
  const end = body.indexOf('\n');
  return end < 0
    ? { word: body, checkpoint: undefined }
    : { word: body.slice(0, end), checkpoint: body.slice(end + 1) };
}

/** Healthchecks.io keeps the body of a POST beside the call. */
function callWith(checkpoint: string | undefined) {
  if (checkpoint === undefined) return { method: 'GET', headers: {} } as const;
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { method: 'POST', headers, body: checkpoint } as const;
}

/** Adds the suffix before a query string, without doubling a slash. */
function addEnding(url: string, ending: string): string {
  // The request reports an invalid URL without repeating it.
  if (ending === '' || !URL.canParse(url)) return url;
  const address = new URL(url);
  address.pathname = address.pathname.replace(/\/+$/, '') + ending;
  return address.href;
}

// Only these mean that the check does not exist.
const gone = new Set([404, 410]);

function judge(result: RequestResult, now: Date): Delivery {
  const delivery = judgeResult(result, now);
  if (result.kind !== 'answered') return delivery;
  if (delivery.kind === 'delivered') return judgeAnswer(result.body) ?? delivery;
  if (delivery.kind === 'permanent' && !gone.has(result.status)) {
    return { ...delivery, kind: 'passing' };
  }
  return delivery;
}

/** Healthchecks.io answers 200 even if it does not count the call; the body then says why. */
function judgeAnswer(body: string): Delivery | undefined {
  if (body.startsWith('OK (not found)')) {
    return { kind: 'permanent', detail: 'answered that there is no such check' };
  }
  if (body.startsWith('OK (rate limited)')) {
    return { kind: 'passing', detail: 'answered that it is called too often' };
  }
  return undefined;
}
