import { z } from 'zod';
import type { AnyOperation } from '../../../operations/operation.ts';
import { pageFields } from '../../../operations/paged-list.ts';
import { describeField, describeShape } from './json-schema.ts';

/** The parameters and the body of an operation. */
export function describeInput(operation: AnyOperation): object {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
  const { input } = operation;
  const fields = input instanceof z.ZodObject ? input.shape : {};
  const path = inPath.map((name) => describeParameter('path', name, fields[name] ?? z.string()));
  if (operation.method === 'POST') {
    return {
      parameters: [...path, ...(operation.access === 'write' ? [idempotencyKey] : [])],
      ...describeBody(input, inPath),
    };
  }
  const query = Object.entries({ ...fields, ...extraFields(operation) })
    .filter(([name]) => !inPath.includes(name))
    .map(([name, field]) => describeParameter('query', name, field));
  return { parameters: [...path, ...query] };
}

/** Fields of the question that concern the answer, whatever the operation. */
function extraFields(operation: AnyOperation): Readonly<Record<string, z.ZodType>> {
  if ('items' in operation) return pageFields;
  if ('file' in operation) return {};
  const { forms } = operation.answer;
  if (forms === undefined) return {};
  return { format: z.enum(['json', ...Object.keys(forms)]).optional() };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Requests with the same key are done once.',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** Of a list, each item is given by the name once more: `?owner=a&owner=b`. */
function describeParameter(place: 'path' | 'query', name: string, field: z.ZodType): object {
  const { description, ...schema } = describeField(field);
  return {
    ...{ name, in: place },
    ...(description === undefined ? {} : { description }),
    required: place === 'path' || !field.safeParse(undefined).success,
    schema,
  };
}

function describeBody(input: z.ZodType, inPath: readonly string[]): object {
  const body = input instanceof z.ZodObject ? withoutFields(input, inPath) : input;
  if (body instanceof z.ZodObject && Object.keys(body.shape).length === 0) return {};
  const required = !body.safeParse({}).success;
  return {
    requestBody: { required, content: { 'application/json': { schema: describeShape(body) } } },
  };
}

function withoutFields(input: z.ZodObject, names: readonly string[]): z.ZodObject {
  const left = Object.entries(input.shape).filter(([name]) => !names.includes(name));
  return z.strictObject(Object.fromEntries(left));
}
