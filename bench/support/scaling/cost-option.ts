import type { Option } from '../option.ts';
import { type CostName, type Costs, costs, usualCosts } from './costs.ts';

/** Costs of the table to be replaced: `askKey=120,commit=5`. */
export const costChoice = (about: string): Option<string> => ({
  about,
  default: '',
  parse: (text) => (pairsOf(text).every(isCost) ? text : undefined),
});

export const costsWith = (text: string): Costs => ({
  ...usualCosts,
  ...Object.fromEntries(pairsOf(text).map(([name, value]) => [name, Number(value)])),
});

const pairsOf = (text: string) =>
  text === '' ? [] : text.split(',').map((pair) => pair.split('='));
const isCost = ([name = '', value = '']: readonly string[]) =>
  name in costs && /^\d+(\.\d+)?$/.test(value);

/** A line for each cost: nobody is to take a guess for a measurement. */
export const describeCosts = (used: Costs): readonly string[] =>
  Object.entries(costs).map(([name, { value, unit, source }]) => {
    const now = used[name as CostName];
    return `cost ${name}: ${now} ${unit} (${now === value ? source : 'given by --cost'})`;
  });
