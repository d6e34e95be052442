import { expect, test } from 'vitest';
import { z } from 'zod';
import { several } from '../../../src/operations/answers.ts';
import { findTextPlaces } from './text-places.ts';

test('finds a place for text in every kind of field', () => {
  const schema = z.strictObject({
    plain: z.string().max(100),
    maybe: z.string().nullable().default(null),
    id: z.uuid(),
    count: z.int().positive().optional(),
    kind: z.enum(['a', 'b']),
    names: several(z.string()).readonly().optional(),
    keys: z.array(z.strictObject({ source: z.string(), isOld: z.boolean() })),
    choice: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('last') }),
      z.strictObject({ kind: z.literal('one'), id: z.string() }),
    ]),
    words: z.record(z.string(), z.string()),
  });
  const { ordinary, places } = findTextPlaces(schema, { choice: { kind: 'one', id: '7' } });
  expect(schema.safeParse(ordinary).error).toBeUndefined();
  expect(ordinary).toMatchObject({ choice: { kind: 'one', id: '7' } });
  expect(places.map(({ name }) => name)).toEqual([
    ...['plain', 'maybe', 'id', 'count', 'kind', 'names.0', 'keys.0.source', 'keys.0.isOld'],
    ...['choice.kind', 'choice.kind', 'choice.id', 'words.(name)', 'words.a'],
  ]);
  const put = (name: string) => places.find((place) => place.name === name)?.put('here');
  expect(put('keys.0.source')).toEqual({
    ...(ordinary as object),
    keys: [{ source: 'here', isOld: false }],
  });
  expect(put('words.(name)')).toMatchObject({ words: { here: 'ordinary' } });
});

test('leaves out no field that it does not know', () => {
  expect(() => findTextPlaces(z.object({ at: z.date() }))).toThrow('at: no way to walk a date');
  expect(() => findTextPlaces(z.object({ a: z.string().regex(/^!!$/) }))).toThrow(
    'a: no ordinary value is known',
  );
});
