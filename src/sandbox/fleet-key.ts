import { z } from 'zod';
import { SandboxMisuse } from './sandbox-misuse.ts';

/**
 * One key of the fleet, as the vendor would describe it. A field can be any JSON, also JSON that a
 * vendor should not send. A field that is missing here is missing in the answer. A date can be
 * relative to the sandbox's start: `-61d`, `-90m`, `+5m`.
 */
const fleetKey = z.strictObject({
  id: z.string().min(1),
  name: z.json().optional(),
  type: z.json().optional(),
  scopes: z.json().optional(),
  createdOn: z.json().optional(),
  lastUsed: z.json().optional(),
  lastFour: z.json().optional(),
  /** The merchant under which the list endpoint shows it. */
  mid: z.string().min(1).optional(),
  /** Faults of this key, as on the command line but without an id. */
  fault: z.string().min(1).optional(),
});

export type FleetKey = Readonly<z.output<typeof fleetKey>>;

/** Parses a fleet file: a JSON list of keys. Throws SandboxMisuse, which says where it is wrong. */
export function parseFleet(text: string): readonly FleetKey[] {
  const found = z.array(fleetKey).safeParse(parseJson(text));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new SandboxMisuse(`fleet ${issue?.path.join('.')}: ${issue?.message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SandboxMisuse('fleet: the file is not JSON');
  }
}

const relative = /^([+-])(\d{1,9})([smhdw])$/;
const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A relative date in the vendor's form (`Z`, whole seconds); another date stays unchanged. */
export function resolveDate(value: unknown, now: Date): unknown {
  const found = typeof value === 'string' ? relative.exec(value) : null;
  if (found === null) return value;
  const span = Number(found[2]) * (unitMs[found[3] ?? ''] ?? 0);
  const at = now.getTime() + (found[1] === '-' ? -span : span);
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
