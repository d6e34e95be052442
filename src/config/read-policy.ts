import { type Mistake, type Position, sortMistakes, toMistake } from '../documents/mistake.ts';
import { mostConfigBytes, readText } from '../documents/read-text.ts';
import { readYaml, type YamlDocument } from '../documents/yaml-document.ts';
import { checkPolicy } from '../evaluate/policy/check-policy.ts';
import { completePolicy } from '../evaluate/policy/parse-policy.ts';
import type { MeaningFault } from '../evaluate/policy/plain-values.ts';
import { policySchema } from '../evaluate/policy/policy.ts';
import { checkSchema } from './check-schema.ts';
import type { PolicyDocument } from './config.ts';
import { hashText } from './files/named-files.ts';

export interface PolicyRead {
  readonly policy: PolicyDocument | undefined;
  readonly mistakes: readonly Mistake[];
  /** Why the file could not be opened. */
  readonly unreadable?: string;
}

/** Reads policy.yaml, which takes no variables, so its meaning is the same on every machine. */
export async function readPolicy(file: string, cwd: string): Promise<PolicyRead> {
  const read = await readText(file, mostConfigBytes);
  if (!read.ok) {
    return { policy: undefined, mistakes: [], unreadable: `cannot be read: ${read.why}` };
  }
  const { text } = read;
  const parsed = readYaml(text);
  if (!parsed.ok) return refuse(parsed.faults.map((fault) => toMistake(fault, file, cwd)));

  const { raw, value, faults } = checkSchema(parsed.document, policySchema);
  const meaning = checkPolicy(raw, new Date()).map((fault) => ({
    ...place(parsed.document, fault),
    ...fault,
  }));
  const all = [...faults, ...meaning];
  if (value === undefined || all.length > 0)
    return refuse(all.map((fault) => toMistake(fault, file, cwd)));

  return { policy: { text, hash: hashText(text), policy: completePolicy(value) }, mistakes: [] };
}

function place(document: YamlDocument, { path, offset }: MeaningFault): Position {
  return offset === undefined ? document.locate(path) : document.locateInside(path, offset);
}

function refuse(mistakes: readonly Mistake[]): PolicyRead {
  return { policy: undefined, mistakes: sortMistakes(mistakes) };
}
