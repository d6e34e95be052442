import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { packVersion } from './pack-paths.ts';

const instant = z.iso.datetime({ precision: 3 });

const info = z.strictObject({
  version: z.literal(packVersion),
  /** Sweeps whose tick was due, or that opened without one, from here on. */
  from: instant,
  /** And before this instant. */
  to: instant,
  /** The source and the id of the only key that the pack shows; null where it shows all. */
  only: z.tuple([z.string(), z.string()]).nullable(),
  /** The number of leaves. */
  size: z.int().nonnegative(),
  origin: z.string(),
  keysweep: z.string(),
  /** The version of the time zones that the program knew. */
  timezones: z.string(),
  installation: z.uuid(),
});

/** What a pack says of itself. Nothing vouches for it but what it can be compared with. */
export type PackInfo = z.infer<typeof info>;

/** As whoever makes a pack says it. */
export type MadePackInfo = Omit<PackInfo, 'version'>;

/** The canonical bytes of `pack.json`, as text. */
export function encodePackInfo(said: MadePackInfo): string {
  return canonicalJson({ version: packVersion, ...said });
}

export type PackInfoRead =
  | { readonly ok: true; readonly info: PackInfo }
  | { readonly ok: false; readonly why: 'malformed' }
  /** The pack is of a version that this program does not know. */
  | { readonly ok: false; readonly why: 'version'; readonly version: number };

export function parsePackInfo(text: string): PackInfoRead {
  const raw = parseJson(text);
  const version = z.object({ version: z.int() }).safeParse(raw).data?.version;
  if (version !== undefined && version !== packVersion) {
    return { ok: false, why: 'version', version };
  }
  const read = info.safeParse(raw);
  return read.success && encodePackInfo(read.data) === text
    ? { ok: true, info: read.data }
    : { ok: false, why: 'malformed' };
}

/** Some hundred characters are usual; a hostile text takes many times its length when it is parsed. */
const mostChars = 1024 * 1024;

function parseJson(text: string): unknown {
  if (text.length > mostChars) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
