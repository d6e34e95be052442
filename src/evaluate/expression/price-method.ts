import {
  type Bound,
  fixed,
  handling,
  type Price,
  plain,
  reading,
  searching,
  text,
} from './price.ts';

/** What a text may be asked. `matches` is not here: its patterns are not bound to end soon. */
const methods: Readonly<Record<string, (on: Price, given: Price) => Price>> = {
  startsWith: (on, given) => plain(fixed(3), on.steps, given.steps, reading(given.length)),
  endsWith: (on, given) => plain(fixed(3), on.steps, given.steps, reading(given.length)),
  contains: (on, given) =>
    plain(fixed(3), on.steps, given.steps, searching(on.length, given.length)),
};

export const methodNames: readonly string[] = [...Object.keys(methods), 'lowerAscii'];

/** What a method of a text costs; undefined where there is none of that name and number. */
export function priceMethod(name: string, on: Price, given: readonly Price[]): Price | undefined {
  const [first, ...more] = given;
  if (name === 'lowerAscii' && first === undefined) return priceLower(on);
  if (first === undefined || more.length > 0 || !Object.hasOwn(methods, name)) return undefined;
  return methods[name]?.(on, first);
}

/** Some letters are longer in lower case. */
function priceLower(on: Price): Price {
  const length: Bound = (extent) => 3 * on.length(extent);
  return { ...text(length, fixed(3), on.steps, handling(on.length)), ofScopes: on.ofScopes };
}
