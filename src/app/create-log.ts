import { destination, type Logger, pino } from 'pino';
import type { LogLevel, Secrets } from '../config/config.ts';
import { secretPart } from '../evidence/log/signing-key.ts';
import { parseServerUrl } from '../options/address.ts';

const hidden = '[secret]';
const clearLine = '\r\u001b[K';
/** Shorter texts are not secret, and hiding them would make the log unreadable. */
const shortestSecret = 6;

/** Where lines go: stderr, or another open file. Several logs may write to one. */
export type LogStream = ReturnType<typeof destination>;

export function openLogStream(fd = 2): LogStream {
  return destination({ fd, sync: true });
}

interface LogOptions {
  /** By default, a stream to stderr of its own. */
  readonly lines?: LogStream;
  /** Lines of several processes come together, so each has the id of its process. */
  readonly withPid?: boolean;
  /** The trace that a line belongs to. */
  readonly traceId?: (() => string | undefined) | undefined;
  /** On a terminal where a progress bar may stand: each line takes its place. */
  readonly clearsLine?: boolean;
}

/**
 * The log: one JSON line for each event, on stderr because stdout is for data. Secrets are replaced in every line, also in the forms that they have in URLs and headers.
 */
export function createLog(
  level: LogLevel,
  secrets: Secrets | undefined,
  { lines = openLogStream(), withPid = false, traceId, clearsLine = false }: LogOptions = {},
): Logger {
  const forms =
    secrets === undefined
      ? []
      : [...new Set(listSecrets(secrets).flatMap(formsOf))].sort((a, b) => b.length - a.length);
  const hide = (line: string) => forms.reduce((text, form) => text.replaceAll(form, hidden), line);
  return pino(
    {
      level,
      base: withPid ? { pid: process.pid } : null,
      timestamp: pino.stdTimeFunctions.isoTime,
      ...(traceId && { mixin: () => traceOf(traceId()) }),
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        streamWrite: (line) => `${clearsLine ? clearLine : ''}${hide(line)}`,
      },
    },
    lines,
  );
}

function traceOf(traceId: string | undefined): object {
  return traceId === undefined ? {} : { traceId };
}

function listSecrets(secrets: Secrets): string[] {
  const { databaseUrl, redisUrl, redisPassword, sentinelPassword, sources, channels, proxies } =
    secrets;
  const heartbeats = [...secrets.heartbeats.values()];
  const own = [
    secrets.redisTls?.key,
    databaseUrl,
    redisUrl,
    redisPassword,
    sentinelPassword,
    secrets.oidcClientSecret,
    secrets.evidenceKey && secretPart(secrets.evidenceKey),
    secrets.reviewLinkKey,
    ...heartbeats,
  ];
  const passwords = [databaseUrl, redisUrl, proxies.https, proxies.http].map(passwordOf);
  const others = [...sources.values(), ...channels.values()].flatMap((its) => Object.values(its));
  return [...own, ...passwords, ...others].filter(
    (secret) => secret !== undefined && secret.length >= shortestSecret,
  ) as string[];
}

function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const asUrl = URL.canParse(secret) ? [new URL(secret).href] : [];
  return [inJson, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), ...asUrl];
}

function passwordOf(url: string | undefined): string | undefined {
  const parsed = url === undefined ? undefined : parseServerUrl(url);
  return parsed && decodeURIComponent(parsed.password);
}
