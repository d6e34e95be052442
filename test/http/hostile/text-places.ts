import { z } from 'zod';

/** A place of an input that somebody can write a text into. */
export interface TextPlace {
  /** Such as `keys.0.source`. */
  readonly name: string;
  /** The ordinary input, with this text there. */
  put(text: string): unknown;
}

interface Walked {
  readonly ordinary: unknown;
  readonly places: readonly TextPlace[];
}

type Def = z.core.$ZodTypes['_zod']['def'];

/**
 * Every place of the inputs that a schema describes, whatever belongs there: a text may come in
 * place of a number too. `given` is an ordinary input, or a part of one; what it lacks and must have
 * is made up. Throws for a kind of schema that it does not know, so that no field is left out.
 */
export function findTextPlaces(schema: z.ZodType, given?: unknown): Walked {
  return walk(schema, given, '');
}

function walk(schema: z.core.$ZodType, given: unknown, name: string): Walked {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return walkFields(def.shape, (given ?? {}) as Record<string, unknown>, name);
    case 'array':
      return walkItem(def.element, given, name);
    case 'union':
      return walkOptions(def.options, given, name);
    case 'record':
      return walkRecord(def.valueType, name);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return walk(def.innerType, given, name);
    case 'pipe':
      // What is transformed first has no schema.
      return walk(kindOf(def.in) === 'transform' ? def.out : def.in, given, name);
    default:
      return makeLeaf(schema, def, given, name);
  }
}

function walkFields(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  given: Readonly<Record<string, unknown>>,
  name: string,
): Walked {
  const fields = Object.entries(shape).map(
    ([field, schema]) => [field, walk(schema, given[field], join(name, field))] as const,
  );
  const ordinary = Object.fromEntries(
    fields
      .filter(([field]) => field in given || !isOptional(shape[field]))
      .map(([field, walked]) => [field, walked.ordinary]),
  );
  const places = fields.flatMap(([field, walked]) =>
    placesIn(walked, (value) => ({ ...ordinary, [field]: value })),
  );
  return { ordinary, places };
}

function isOptional(schema: z.core.$ZodType | undefined): boolean {
  return schema !== undefined && z.core.safeParse(schema, undefined).success;
}

function walkItem(element: z.core.$ZodType, given: unknown, name: string): Walked {
  const [first, ...others] = Array.isArray(given) ? given : [undefined];
  const item = walk(element, first, join(name, '0'));
  return {
    ordinary: [item.ordinary, ...others],
    places: placesIn(item, (value) => [value, ...others]),
  };
}

/** Of a union, the option of `given` is the ordinary one; the places of the others count as well. */
function walkOptions(options: readonly z.core.$ZodType[], given: unknown, name: string): Walked {
  const isGiven = (one: z.core.$ZodType) => z.core.safeParse(one, given).success;
  const walked = options.map((option) => ({
    isGiven: given !== undefined && isGiven(option),
    ...walk(option, isGiven(option) ? given : undefined, name),
  }));
  const ordinary = walked.find((one) => one.isGiven) ?? walked[0];
  return { ordinary: ordinary?.ordinary, places: walked.flatMap(({ places }) => places) };
}

function walkRecord(valueType: z.core.$ZodType, name: string): Walked {
  const value = walk(valueType, undefined, join(name, 'a'));
  return {
    ordinary: { a: value.ordinary },
    places: [
      { name: join(name, '(name)'), put: (text) => ({ [text]: value.ordinary }) },
      ...placesIn(value, (one) => ({ a: one })),
    ],
  };
}

const leaves: readonly Def['type'][] = ['string', 'number', 'boolean', 'enum', 'literal'];
const uuid = '5f0c1f6e-3c1b-4a8e-9d2a-7b6f0c9d1e2a';

function makeLeaf(schema: z.core.$ZodType, def: Def, given: unknown, name: string): Walked {
  if (!leaves.includes(def.type)) throw new Error(`${name}: no way to walk a ${def.type}`);
  const candidates = [
    ...[given, 'ordinary', '1', uuid, '2026-11-29', 1, false],
    ...('entries' in def ? Object.values(def.entries as object) : []),
    ...('values' in def ? (def.values as readonly unknown[]) : []),
  ];
  const ordinary = candidates.find(
    (one) => one !== undefined && z.core.safeParse(schema, one).success,
  );
  if (ordinary === undefined) throw new Error(`${name}: no ordinary value is known`);
  return { ordinary, places: [{ name, put: (text) => text }] };
}

function placesIn({ places }: Walked, wrap: (value: unknown) => unknown): readonly TextPlace[] {
  return places.map(({ name, put }) => ({ name, put: (text) => wrap(put(text)) }));
}

function join(name: string, field: string): string {
  return name === '' ? field : `${name}.${field}`;
}

function kindOf(schema: z.core.$ZodType): string {
  return (schema as z.core.$ZodTypes)._zod.def.type;
}
