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

/** What a text may be asked with a text. `matches` is not here: a pattern is not bound to end soon. */
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

/** What a method of a text costs, of which `isMethod` says that there is one. */
export function priceMethod(name: string, on: Price, given: Price | undefined): Price {
  const price = asked[name];
  return price === undefined || given === undefined ? priceLower(on) : price(on, given);
}

/** Some letters are longer in lower case. */
function priceLower(on: Price): Price {
  const length: Bound = (extent) => 3 * on.length(extent);
  return { ...text(length, fixed(3), on.steps, handling(on.length)), ofScopes: on.ofScopes };
}
