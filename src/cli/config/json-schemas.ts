import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { keysweepSchema } from '../../config/keysweep-schema.ts';
import { policySchema } from '../../evaluate/policy/policy.ts';
import { keysSchema } from '../../inventory/key-schema.ts';
import { casesSchema } from '../../policy-test/case-schema.ts';

type Json = Record<string, unknown>;

/** The JSON schemas for editors, as text, by file name. They stand in `config/`. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  return {
    'keysweep.schema.json': render('keysweep.yaml', withVariables(plain(keysweepSchema))),
    'policy.schema.json': render('policy.yaml', plain(policySchema)),
    'keys.schema.json': render('An inventory in YAML or JSON', plain(keysSchema)),
    'cases.schema.json': render('Cases of a policy', plain(casesSchema)),
  };
}

/** Writes the schemas to a folder; the names of those that were not current. */
export async function writeSchemas(folder: string): Promise<string[]> {
  const stale = await staleSchemas(folder);
  const texts = jsonSchemas();
  await Promise.all(stale.map((name) => writeFile(join(folder, name), texts[name] ?? '')));
  return stale;
}

/** The names of the files in a folder that are not what the code makes of its schemas today. */
export async function staleSchemas(folder: string): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(jsonSchemas()).map(async ([name, text]) => {
      const now = await readFile(join(folder, name), 'utf8').catch(() => undefined);
      return now === text ? [] : [name];
    }),
  );
  return found.flat();
}

function render(title: string, schema: Json): string {
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}

function plain(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) as Json;
}

/**
 * keysweep.yaml before anything is put in: a variable may stand for every value, and a file
 * (`…File`) beside it.
 */
function withVariables(json: Json): Json {
  const edited = Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, inside(key, value)]),
  );
  if (isMapping(edited['properties'])) return withFiles(edited, edited['properties']);
  return isScalar(edited) ? orVariable(edited) : edited;
}

/** The schemas within a schema. Under `properties` they stand by the users' keys. */
function inside(keyword: string, value: unknown): unknown {
  if (keyword === 'items') return withVariables(value as Json);
  if (keyword === 'additionalProperties' && isMapping(value)) return withVariables(value);
  if (keyword === 'oneOf' || keyword === 'anyOf') return (value as Json[]).map(withVariables);
  if (keyword !== 'properties') return value;
  const named = Object.entries(value as Record<string, Json>);
  return Object.fromEntries(named.map(([name, schema]) => [name, withVariables(schema)]));
}

const scalars: readonly unknown[] = ['string', 'number', 'integer', 'boolean'];

/** What tells the parts of a union apart has to stand as it is. */
function isScalar(json: Json): boolean {
  return scalars.includes(json['type']) && json['const'] === undefined;
}

/** Text that has a form, and what is no text, may be given by text with a variable in it. */
function orVariable(json: Json): Json {
  const free = json['type'] === 'string' && !('pattern' in json) && !('enum' in json);
  if (free) return json;
  const { default: standard, ...own } = json;
  const anyOf = [own, { type: 'string', pattern: '\\$\\{' }];
  return standard === undefined ? { anyOf } : { default: standard, anyOf };
}

/** Adds `…File` beside every scalar, and lets it stand for one that is required. */
function withFiles(json: Json, properties: Json): Json {
  const names = Object.keys(properties).filter(
    (name) => takesText(properties[name]) && !name.endsWith('File'),
  );
  const files = names.map((name) => [`${name}File`, { type: 'string', minLength: 1 }]);
  const required = (json['required'] ?? []) as readonly string[];
  const either = required.filter((name) => names.includes(name));
  const allOf = either.map((name) => ({
    anyOf: [{ required: [name] }, { required: [`${name}File`] }],
  }));
  return {
    ...json,
    properties: { ...properties, ...Object.fromEntries(files) },
    required: required.filter((name) => !either.includes(name)),
    ...(allOf.length > 0 ? { allOf } : {}),
  };
}

function takesText(property: unknown): boolean {
  return isMapping(property) && (isScalar(property) || 'anyOf' in property);
}

function isMapping(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
