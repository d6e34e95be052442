import { dirname, resolve } from 'node:path';
import { checkSchema } from '../config/check-schema.ts';
import type { PolicyDocument } from '../config/config.ts';
import { type PolicyRead, readPolicy } from '../config/read-policy.ts';
import {
  type Fault,
  fileStart,
  type Mistake,
  type Position,
  toMistake,
} from '../documents/mistake.ts';
import { mostConfigBytes } from '../documents/most-config-bytes.ts';
import { readText } from '../documents/read-text.ts';
import { readYaml, type YamlDocument } from '../documents/yaml-document.ts';
import { mapping } from '../evaluate/policy/plain-values.ts';
import { type CasesFile, casesSchema } from './case-schema.ts';
import { checkCases } from './check-cases.ts';

/** A valid file of cases, its policy, and the position of each case. */
export interface ReadCases {
  readonly file: string;
  readonly policyFile: string;
  readonly policy: PolicyDocument;
  readonly cases: CasesFile;
  readonly positions: readonly Position[];
}

/** Files of cases, and every mistake in them and in their policies, each reported once. */
export interface CasesRead {
  readonly files: readonly ReadCases[];
  readonly mistakes: readonly Mistake[];
}

/** Reads files of cases. `policy` overrides the policy that each file names. */
export async function readCases(
  files: readonly string[],
  { cwd, policy }: { cwd: string; policy?: string | undefined },
): Promise<CasesRead> {
  const policies = createPolicies(cwd);
  const read: ReadCases[] = [];
  const mistakes: Mistake[] = [];
  for (const file of new Set(files.map((name) => resolve(cwd, name)))) {
    const over = policy === undefined ? undefined : resolve(cwd, policy);
    const one = await readFile(file, over, policies);
    mistakes.push(...one.mistakes.map((fault) => toMistake(fault, file, cwd)));
    if (one.cases !== undefined) read.push(one.cases);
  }
  return { files: read, mistakes: [...mistakes, ...policies.mistakes()] };
}

/** The policies read so far, because several files may share one. */
interface Policies {
  read(file: string): Promise<PolicyRead>;
  mistakes(): readonly Mistake[];
}

function createPolicies(cwd: string): Policies {
  const known = new Map<string, PolicyRead>();
  return {
    async read(file) {
      const policy = known.get(file) ?? (await readPolicy(file, cwd));
      known.set(file, policy);
      return policy;
    },
    mistakes: () => [...known.values()].flatMap(({ mistakes }) => mistakes),
  };
}

interface FileRead {
  readonly cases?: ReadCases;
  readonly mistakes: readonly Fault[];
}

async function readFile(
  file: string,
  over: string | undefined,
  policies: Policies,
): Promise<FileRead> {
  const read = await readText(file, mostConfigBytes);
  if (!read.ok) {
    return { mistakes: [{ ...fileStart, path: [], message: `cannot be read: ${read.why}` }] };
  }
  const parsed = readYaml(read.text);
  if (!parsed.ok) return { mistakes: parsed.faults };
  const { document } = parsed;
  const { raw, value, faults } = checkSchema(document, casesSchema);
  const named = await readNamedPolicy(raw, document, { file, over, policies });
  const ids = named.policy?.policy.rules.map(({ id }) => id);
  const meaning = checkCases(raw, ids && new Set(ids)).map((fault) => ({
    ...document.locate(fault.path),
    ...fault,
  }));
  const mistakes = [...faults, ...named.mistakes, ...meaning];
  const { policy, policyFile } = named;
  if (mistakes.length > 0 || value === undefined || policy === undefined) return { mistakes };
  const positions = value.cases.map((_one, place) => document.locate(['cases', place]));
  return { cases: { file, policyFile, policy, cases: value, positions }, mistakes };
}

interface NamedPolicy {
  readonly policyFile: string;
  readonly policy: PolicyDocument | undefined;
  readonly mistakes: readonly Fault[];
}

/** A policy that cannot be opened is reported at the line that names it. */
async function readNamedPolicy(
  raw: unknown,
  document: YamlDocument,
  { file, over, policies }: { file: string; over: string | undefined; policies: Policies },
): Promise<NamedPolicy> {
  const name = mapping(raw)['policy'];
  const written = typeof name === 'string' && name !== '' ? name : undefined;
  const policyFile = over ?? (written === undefined ? '' : resolve(dirname(file), written));
  if (policyFile === '') return { policyFile, policy: undefined, mistakes: [] };
  const { policy, unreadable } = await policies.read(policyFile);
  if (unreadable === undefined) return { policyFile, policy, mistakes: [] };
  const fault = { ...document.locate(['policy']), path: ['policy'], message: unreadable };
  return { policyFile, policy, mistakes: [fault] };
}
