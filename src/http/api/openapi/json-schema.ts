import { z } from 'zod';
import { namedShapes } from '../../../operations/shapes/named-shape.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export const componentsPath = '#/components/schemas/';

/** Every named shape, by its name. */
export function describeNamedShapes(): Readonly<Record<string, JsonSchema>> {
  const { schemas } = z.toJSONSchema(namedShapes, {
    io: 'input',
    uri: (id) => `${componentsPath}${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => [id, withoutIds(schema)]),
  );
}

/** The name of a shape, as a reference; or the shape itself, if it has none. */
export function describeShape(shape: z.ZodType): JsonSchema {
  const { id } = namedShapes.get(shape) ?? {};
  if (id !== undefined) return { $ref: `${componentsPath}${id}` };
  return withoutIds(z.toJSONSchema(shape, { io: 'input' }));
}

/** One field of a query or a path, after it was read from text. */
export function describeField(field: z.ZodType): JsonSchema {
  return withoutIds(z.toJSONSchema(field, { io: 'output' }));
}

function withoutIds({ $schema: _schema, $id: _id, id: _name, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
