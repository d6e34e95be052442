import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { PackUnreadable } from '../pack-files/pack-reader.ts';
import { NotAFile } from '../reading/open-file.ts';
import { openPack } from '../reading/open-pack.ts';
import type { TextMaker } from '../summary/pack-texts.ts';
import { exitCodes, type Verification } from '../verify/verification.ts';
import { verifyPack } from '../verify/verify-pack.ts';
import { AuditRefused } from './audit-refused.ts';
import { parsePeriodEnd } from './parse-period-end.ts';
import { readKept } from './read-kept.ts';
import { readTrust } from './read-trust.ts';
import { renderVerification } from './render-verification.ts';
import { renderVerificationJson } from './render-verification-json.ts';

/** What the auditor asks for, as the command line says it. */
export interface PackAuditOptions {
  readonly pack: string;
  readonly key: readonly string[];
  readonly policy?: string | undefined;
  readonly saw: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly format: 'table' | 'json';
}

export interface Audited {
  readonly code: 0 | 1 | 3;
  readonly text: string;
}

/**
 * Verifies the pack at a path. Reads the pack and the files that are named, and nothing else. Throws
 * `AuditRefused` for a mistake in what was asked, and for a pack that cannot be read. `maker`: this
 * program.
 */
export async function auditPack(
  cwd: string,
  options: PackAuditOptions,
  maker: TextMaker,
): Promise<Audited> {
  const places = { cwd, pack: options.pack };
  const trust = await readTrust(places, { keys: options.key, policy: options.policy });
  const kept = await readKept(places, options.saw, trust);
  const from = options.from === undefined ? undefined : parsePeriodEnd('from', options.from);
  const to = options.to === undefined ? undefined : parsePeriodEnd('to', options.to);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new AuditRefused('--to must be after --from');
  }
  const asked = { trust, kept, from, to, maker };
  const found = await verifyAt(resolve(cwd, options.pack), options.pack, asked);
  const render = options.format === 'json' ? renderVerificationJson : renderVerification;
  return { code: exitCodes[found.verdict], text: render(found) };
}

type Asked = Omit<Parameters<typeof verifyPack>[0], 'reader'>;

async function verifyAt(path: string, name: string, asked: Asked): Promise<Verification> {
  try {
    const pack = await openPack(path);
    try {
      return await verifyPack({ ...asked, reader: pack });
    } finally {
      await pack.close();
    }
  } catch (error) {
    throw new AuditRefused(`${name}: ${whyUnreadable(error as NodeJS.ErrnoException)}`);
  }
}

function whyUnreadable(error: NodeJS.ErrnoException): string {
  if (error instanceof PackUnreadable) return error.message;
  if (error instanceof NotAFile) return `${error.message}, and must be a folder or a .tar.gz`;
  const { code, errno, name, message } = error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return `there is no room to unpack it in ${tmpdir()} (${code}); make room, set TMPDIR to another folder, or unpack it and verify the folder`;
  }
  if (errno !== undefined) return `cannot be read (${code})`;
  // Never exit 1, which says that the pack was changed.
  return `it was not verified, because of a mistake in this program: ${name}: ${message}`;
}
