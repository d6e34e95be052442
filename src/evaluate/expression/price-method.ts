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

type Method = (on: Price, given: Price) => Price;

/**
 * Methods of a text that take a text. `matches` is left out: a regular expression may run too long.
 */
const asked: Readonly<Record<string, Method>> = {
  startsWith: (on, given) => plain(fixed(3), on.steps, given.steps, reading(given.length)),
  endsWith: (on, given) => plain(fixed(3), on.steps, given.steps, reading(given.length)),
  contains: (on, given) =>
    plain(fixed(3), on.steps, given.steps, searching(on.length, given.length)),
};

export const methodNames: readonly string[] = [...Object.keys(asked), 'lowerAscii'];

export function isMethod(name: string, given: number): boolean {
  return name === 'lowerAscii' ? given === 0 : given === 1 && Object.hasOwn(asked, name);
}

/** The price of a method of a text. `isMethod` must be true for it. */
export function priceMethod(name: string, on: Price, given: Price | undefined): Price {
  const price = asked[name];
  return price === undefined || given === undefined ? priceLower(on) : price(on, given);
}

/** Some letters are longer in lower case. */
function priceLower(on: Price): Price {
  const length: Bound = (extent) => 3 * on.length(extent);
  return { ...text(length, fixed(3), on.steps, handling(on.length)), ofScopes: on.ofScopes };
}
