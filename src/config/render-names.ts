import { renderCount } from '../text/render-count.ts';

const mostNamed = 3;

/** The first names and how many others there are: `a, b, c and 4 others`. */
export function renderNames(names: readonly string[]): string {
  const named = names.slice(0, mostNamed).join(', ');
  const more = names.length - mostNamed;
  return more > 0 ? `${named} and ${renderCount(more, 'other')}` : named;
}
