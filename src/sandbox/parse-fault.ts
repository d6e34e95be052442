import { type Fault, type FaultKind, faultKinds, tokenEndpoint } from './fault.ts';
import { SandboxMisuse } from './sandbox-misuse.ts';

interface Written {
  readonly kind: string;
  readonly target: string | null;
  readonly value: string | undefined;
  readonly times: number | undefined;
}

const shorthand: Readonly<Record<string, FaultKind>> = {
  '429': 'rate-limit',
  '429-date': 'rate-limit-date',
  '429-bare': 'rate-limit-bare',
};

/**
 * Faults as written on the command line: `KIND[:KEYID][=VALUE][*TIMES]`, several separated by
 * commas. `token-KIND` strikes the token endpoint, `KIND-once` is `KIND*1`. Throws SandboxMisuse.
 */
export function parseFaults(spec: string): readonly Fault[] {
  return spec.split(',').map((one) => parseFault(one.trim()));
}

/** As `parseFaults`, for one fault; `target` is used where the text names none. */
export function parseFault(text: string, target: string | null = null): Fault {
  const written = split(text);
  const kind = kindOf(written.kind);
  if (kind === undefined) {
    const kinds = faultKinds.filter((name) => name !== 'status').join(', ');
    throw new SandboxMisuse(`fault "${text}": no such kind; there are 400 to 599, ${kinds}`);
  }
  return {
    kind,
    target: written.target ?? target,
    times: written.times,
    ms: duration(text, written.value, kind),
    status: statusOf(written, kind),
    url: kind === 'redirect' ? (written.value ?? '/v1/elsewhere') : '',
  };
}

const shape = /^(token-)?([a-z0-9-]+?)(-once)?(?::([^=*]+))?(?:=(.*?))?(?:\*([1-9]\d{0,5}))?$/;

function split(text: string): Written {
  const found = shape.exec(text);
  if (found === null) {
    throw new SandboxMisuse(`fault "${text}": must be KIND[:KEYID][=VALUE][*TIMES]`);
  }
  const [, token, kind = '', once, keyId, value, times] = found;
  const counted = times === undefined ? undefined : Number(times);
  return {
    kind,
    target: token === undefined ? (keyId ?? null) : tokenEndpoint,
    value,
    times: once === undefined ? counted : 1,
  };
}

function kindOf(word: string): FaultKind | undefined {
  if (/^[345]\d\d$/.test(word) && word !== '429') return 'status';
  return shorthand[word] ?? faultKinds.find((kind) => kind === word && kind !== 'status');
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

const takesDuration: readonly FaultKind[] = [
  'latency',
  'rate-limit',
  'rate-limit-date',
  'slow-body',
];

function duration(text: string, value: string | undefined, kind: FaultKind): number {
  if (!takesDuration.includes(kind) || value === undefined) return defaultMs(kind);
  const found = /^(\d{1,7})(ms|s|m)$/.exec(value);
  if (found === null)
    throw new SandboxMisuse(`fault "${text}": "${value}" is no time such as 200ms`);
  return Number(found[1]) * (unitMs[found[2] ?? ''] ?? 0);
}

function defaultMs(kind: FaultKind): number {
  return kind === 'slow-body' ? 5_000 : 1_000;
}

function statusOf({ kind: word, value }: Written, kind: FaultKind): number {
  if (kind === 'status') return Number(word);
  return kind === 'html' && value !== undefined ? Number(value) : 200;
}
