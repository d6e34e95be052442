import { dirname, resolve } from 'node:path';
import { type Mistake, toMistake } from '../documents/mistake.ts';
import { mostConfigBytes } from '../documents/most-config-bytes.ts';
import { readText } from '../documents/read-text.ts';
import { readYaml } from '../documents/yaml-document.ts';
import { textsOf } from './check-references.ts';
import { unreadConfig } from './files/unread-config.ts';
import { type Environment, hideVariables, substitute } from './substitute.ts';

/** The files that a keysweep.yaml names, and the ids of its sources. */
export interface NamedPaths {
  readonly policy: string | undefined;
  readonly inventory: readonly string[];
  readonly sources: ReadonlySet<string>;
  /** Whether waivers need approvals; so does what it gives in a form that nobody knows. */
  readonly needsApprovals: boolean;
}

export type FoundNamed =
  | { readonly ok: true; readonly named: NamedPaths }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/**
 * Reads only the named files and the source ids from keysweep.yaml: for commands that try policies
 * without the secrets that the rest needs. Reports only mistakes under `policy` and `inventory`.
 */
export async function findNamed(file: string, env: Environment, cwd: string): Promise<FoundNamed> {
  const read = await readText(file, mostConfigBytes);
  if (!read.ok) return { ok: false, mistakes: [toMistake(unreadConfig(read), file, cwd)] };
  const parsed = readYaml(hideVariables(read.text));
  if (!parsed.ok) {
    return { ok: false, mistakes: parsed.faults.map((fault) => toMistake(fault, file, cwd)) };
  }
  const folder = dirname(file);
  const { faults } = await substitute(parsed.document, env, folder);
  const ours = faults.filter(({ path }) => path[0] === 'policy' || path[0] === 'inventory');
  if (ours.length > 0) {
    return { ok: false, mistakes: ours.map((fault) => toMistake(fault, file, cwd)) };
  }
  const raw = parsed.document.toValue();
  const { policy, approvals } = (raw ?? {}) as { policy?: unknown; approvals?: unknown };
  return {
    ok: true,
    named: {
      policy: typeof policy === 'string' && policy !== '' ? resolve(folder, policy) : undefined,
      inventory: textsOf(raw, 'inventory', 'file').map(({ text }) => resolve(folder, text)),
      sources: new Set(textsOf(raw, 'sources', 'id').map(({ text }) => text)),
      needsApprovals: approvals !== undefined && approvals !== null,
    },
  };
}
