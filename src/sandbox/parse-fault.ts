import { type FaultKind, faultKinds, tokenEndpoint, type VendorFault } from './fault.ts';
import { SandboxMisuse } from './sandbox-misuse.ts';

interface Written {
  readonly text: string;
  readonly kind: FaultKind;
  readonly word: string;
  readonly target: string | null;
  readonly value: string | undefined;
  readonly times: number | undefined;
}

const shorthand: Readonly<Record<string, FaultKind>> = {
  '429': 'rate-limit',
  '429-date': 'rate-limit-date',
  '429-bare': 'rate-limit-bare',
};

/** Kinds with a duration, and their default. */
const defaultMs: Partial<Record<FaultKind, number>> = {
  latency: 1_000,
  'rate-limit': 1_000,
  'rate-limit-date': 1_000,
  'slow-body': 5_000,
};

/**
 * Parses faults from the command line: `KIND[:KEYID][=VALUE][*TIMES]`, separated by commas.
 * `token-KIND` affects the token endpoint; `KIND-once` means `KIND*1`. Throws SandboxMisuse.
 */
export function parseFaults(spec: string, target: string | null = null): readonly VendorFault[] {
  return spec.split(',').map((one) => parseFault(one.trim(), target));
}

/** Parses one fault; `target` is used if the text names none. */
export function parseFault(text: string, target: string | null = null): VendorFault {
  const written = split(text);
  const { kind, value, times } = written;
  const takesValue = kind in defaultMs || kind === 'html' || kind === 'redirect';
  if (value !== undefined && !takesValue) throw misuse(text, `"${written.word}" takes no value`);
  return {
    kind,
    target: written.target ?? target,
    times,
    ms: msOf(written),
    status: statusOf(written),
    url: kind === 'redirect' ? (value ?? '/v1/elsewhere') : '',
  };
}

const shape = /^(token-)?([a-z0-9-]*?)(-once)?(?::([^=*]+))?(?:=(.*?))?(?:\*([1-9]\d{0,5}))?$/;

function split(text: string): Written {
  const found = shape.exec(text);
  if (found === null) throw misuse(text, 'must be KIND[:KEYID][=VALUE][*TIMES]');
  const [, token, word = '', once, keyId, value, counted] = found;
  const kind = kindOf(word);
  if (kind === undefined) throw misuse(text, `unknown kind; the kinds are ${allKinds()}`);
  const times = counted === undefined ? undefined : Number(counted);
  const target = token === undefined ? (keyId ?? null) : tokenEndpoint;
  return { text, kind, word, target, value, times: once === undefined ? times : 1 };
}

function kindOf(word: string): FaultKind | undefined {
  if (word in shorthand) return shorthand[word];
  if (/^[345]\d\d$/.test(word)) return 'status';
  return faultKinds.find((kind) => kind === word && kind !== 'status');
}

function allKinds(): string {
  const named = faultKinds.filter((kind) => kind !== 'status' && !kind.startsWith('rate-limit'));
  return ['300 to 599', ...Object.keys(shorthand), ...named].join(', ');
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function msOf({ text, kind, value }: Written): number {
  const usual = defaultMs[kind];
  if (usual === undefined || value === undefined) return usual ?? 0;
  const found = /^(\d{1,7})(ms|s|m)$/.exec(value);
  if (found === null) throw misuse(text, `"${value}" is not a time such as 200ms, 2s or 1m`);
  return Number(found[1]) * (unitMs[found[2] ?? ''] ?? 0);
}

function statusOf({ text, kind, word, value }: Written): number {
  if (kind === 'status') return Number(word);
  if (kind !== 'html' || value === undefined) return 200;
  if (!/^[2-5]\d\d$/.test(value)) throw misuse(text, `"${value}" is not a status such as 502`);
  return Number(value);
}

function misuse(text: string, reason: string): SandboxMisuse {
  return new SandboxMisuse(`fault "${text}": ${reason}`);
}
