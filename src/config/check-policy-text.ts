import type { Fault, Position } from '../documents/mistake.ts';
import { readYaml, type YamlDocument } from '../documents/yaml-document.ts';
import { checkPolicy } from '../evaluate/policy/check-policy.ts';
import { completePolicy } from '../evaluate/policy/parse-policy.ts';
import type { MeaningFault } from '../evaluate/policy/plain-values.ts';
import { type Policy, policySchema } from '../evaluate/policy/policy.ts';
import { checkSchema } from './check-schema.ts';

/** A policy, or every fault of its text, each with its place. */
export type PolicyChecked =
  | { readonly policy: Policy; readonly faults: readonly [] }
  | { readonly policy: undefined; readonly faults: readonly Fault[] };

/**
 * Reads the text of a policy.yaml. When `now` is given, a waiver that ended more than a year before
 * is a fault too.
 */
export function checkPolicyText(text: string, now?: Date): PolicyChecked {
  const parsed = readYaml(text);
  if (!parsed.ok) return { policy: undefined, faults: parsed.faults };

  const { raw, value, faults } = checkSchema(parsed.document, policySchema);
  const meaning = checkPolicy(raw, now).map((fault) => ({
    ...place(parsed.document, fault),
    ...fault,
  }));
  const all = [...faults, ...meaning];
  if (value === undefined || all.length > 0) return { policy: undefined, faults: all };
  return { policy: completePolicy(value), faults: [] };
}

function place(document: YamlDocument, { path, offset }: MeaningFault): Position {
  return offset === undefined ? document.locate(path) : document.locateInside(path, offset);
}
