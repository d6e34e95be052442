import { isScalar, type Scalar } from 'yaml';
import type { z } from 'zod';
import { faultsOf, readPath, wordsOf } from '../documents/describe-issues.ts';
import type { Fault, Path } from '../documents/mistake.ts';
import type { YamlDocument } from '../documents/yaml-document.ts';
import type { PutIn } from './substitute.ts';

export interface Checked<T> {
  /** The document's plain value, after variables and files were put in. */
  readonly raw: unknown;
  readonly value: T | undefined;
  readonly faults: readonly Fault[];
}

/** Checks a document against a schema: gives its value, or every fault with its position. */
export function checkSchema<S extends z.ZodType>(
  document: YamlDocument,
  schema: S,
  putIn: PutIn = new Set(),
): Checked<z.output<S>> {
  let raw = document.toValue();
  let parsed = schema.safeParse(raw, { error: wordsOf });
  if (!parsed.success && convertPutIn(document, parsed.error.issues, putIn)) {
    raw = document.toValue();
    parsed = schema.safeParse(raw, { error: wordsOf });
  }
  if (parsed.success) return { raw, value: parsed.data, faults: [] };

  const faults = parsed.error.issues
    .flatMap((issue) => faultsOf(issue, (path) => readPath(raw, path)))
    .map(({ path, aim, message }) => ({ ...document.locate(path, aim), path, message }));
  return { raw, value: undefined, faults };
}

/** Variables and files give text; converts it where the schema wants a number or a boolean. */
function convertPutIn(document: YamlDocument, issues: readonly z.core.$ZodIssue[], putIn: PutIn) {
  let converted = false;
  for (const issue of issues.flatMap(listBranches)) {
    if (issue.code !== 'invalid_type') continue;
    const node = document.tree.getIn(issue.path as Path, true);
    const value = isScalar(node) && putIn.has(node) ? convert(node, issue.expected) : undefined;
    if (value === undefined) continue;
    (node as Scalar).value = value;
    converted = true;
  }
  return converted;
}

/** Where a value may have several forms, one of them may be the number. */
function listBranches(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const { path, errors } = issue;
  return errors.flat().map((one) => ({ ...one, path: [...path, ...one.path] }));
}

function convert({ value }: Scalar, expected: string): number | boolean | undefined {
  const text = String(value).trim();
  if (expected === 'boolean') return text === 'true' || (text === 'false' ? false : undefined);
  return /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
