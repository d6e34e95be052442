import type { Refusal } from '../../record/store/errors.ts';
import { describeTlsFailure } from '../../text/tls-failure.ts';
import { type ServerWords, unreachableServer } from '../../text/unreachable-server.ts';

/** The first word of a server's refusal, such as READONLY, else the code of a failed connection. */
export function codeOfRedis(error: unknown): string {
  const { name, code, message, lastNodeError } = (error ?? {}) as Partial<NodeFailure>;
  if (lastNodeError instanceof Error) return codeOfRedis(lastNodeError);
  const text = String(message ?? '');
  const word = /^(?:.*Last error: \w+: )?([A-Z]{3,})\b/.exec(text)?.[1];
  if (word !== undefined) return word;
  const found = wordless.find(([beginning]) => text.startsWith(beginning));
  if (found !== undefined) return found[1];
  return typeof code === 'string' ? code : String(name ?? 'unknown');
}

/** How messages of ioredis begin that have no code, and ours for them. */
const wordless: readonly (readonly [beginning: string, code: string])[] = [
  ['Connection is closed', 'NO_ANSWER'],
  ["Stream isn't writeable", 'NO_ANSWER'],
  ['Node is disconnected', 'NO_ANSWER'],
  ['Cluster is disconnect', 'NO_ANSWER'],
  ["Cluster isn't ready", 'NO_NODE'],
  ['None of startup nodes', 'NO_NODE'],
  ['Failed to refresh slots', 'NO_NODE'],
  ['Too many Cluster redirections', 'NO_NODE'],
  ['All sentinels are unreachable', 'NOMASTER'],
  ['Command timed out', 'ETIMEDOUT'],
  // A node of a cluster that was asked which node has which keys.
  ['timeout', 'ETIMEDOUT'],
  ['connect ETIMEDOUT', 'ETIMEDOUT'],
  ['Socket timeout', 'ETIMEDOUT'],
];

type NodeFailure = Error & { readonly code: string; readonly lastNodeError: unknown };

/** What a server of the queue refused, and how to mend it. `code`: of `codeOfRedis`. */
export function describeRefusal(server: string, code: string): Refusal {
  const [what, mend] = words[code] ??
    describeTlsFailure(code) ??
    ownFailure(code) ?? [`failed (${code})`, 'see its log'];
  return { what: `${server} ${what}`, mend };
}

/** Whether the certificates of `queue.tls` cannot be used, so that nothing was sent. */
export function isOwnFailure(code: string): boolean {
  return code.startsWith('ERR_OSSL_');
}

function ownFailure(code: string): ServerWords | undefined {
  if (!isOwnFailure(code)) return undefined;
  return [
    `cannot be asked with the certificates of queue.tls (${code})`,
    'give whole files in PEM, and the key that belongs to the certificate',
  ];
}

const wantsTls =
  'check the port; if it wants TLS, use rediss://, and queue.tls for a certificate of keysweep';

const words: Readonly<Record<string, ServerWords>> = {
  ...unreachableServer,
  ENOENT: ['has no socket there (ENOENT)', 'check the path, and that it runs'],
  NO_ANSWER: ['closed the connection', wantsTls],
  ECONNRESET: ['broke the connection off (ECONNRESET)', wantsTls],
  EPIPE: ['broke the connection off (EPIPE)', wantsTls],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: [
    'wants a certificate of keysweep (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)',
    'give it in queue.tls: certFile and keyFile',
  ],
  READONLY: [
    'refuses writes (READONLY)',
    'it is a replica; name its primary, or use queue.sentinel',
  ],
  OOM: ['refuses writes (OOM)', 'its memory is full; raise maxmemory or remove other data'],
  MISCONF: ['refuses writes (MISCONF)', 'it cannot save to its disk; see its log'],
  NOREPLICAS: ['refuses writes (NOREPLICAS)', 'too few of its replicas are connected'],
  NOPERM: ['refuses a command (NOPERM)', 'give its user all commands on the keys of queue.prefix'],
  NOAUTH: ['wants a login (NOAUTH)', 'add a password to queue.url or REDIS_URL'],
  WRONGPASS: ['refuses the user or password (WRONGPASS)', 'correct queue.url or REDIS_URL'],
  CROSSSLOT: ['is part of a cluster (CROSSSLOT)', 'use queue.cluster instead of queue.url'],
  MOVED: ['is part of a cluster (MOVED)', 'use queue.cluster instead of queue.url'],
  CLUSTERDOWN: ['is a cluster that is down (CLUSTERDOWN)', 'not all of its slots are served'],
  LOADING: ['still loads its data (LOADING)', 'try again when it has done so'],
  NOMASTER: [
    'is named by no sentinel (NOMASTER)',
    'check queue.sentinel, and ask a sentinel: SENTINEL get-master-addr-by-name NAME',
  ],
  NO_NODE: [
    'has no node that serves these keys (NO_NODE)',
    'see that every master of the cluster runs, or that a replica takes its place',
  ],
  ETIMEDOUT: [
    'does not answer (ETIMEDOUT)',
    'check the address, the firewall, and whether it wants redis:// or rediss://',
  ],
  EVICTS: [
    'may evict jobs (maxmemory-policy)',
    'set maxmemory-policy to noeviction, or give the queue a Redis of its own',
  ],
};
