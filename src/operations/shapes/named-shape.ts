import { z } from 'zod';

/** The shapes that the description of the API names. */
export const namedShapes = z.registry<{ readonly id: string }>();

/** Gives a shape the name that it has in the description of the API. */
export function nameShape<Shape extends z.ZodType>(id: string, shape: Shape): Shape {
  namedShapes.add(shape, { id });
  return shape;
}
