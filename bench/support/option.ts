import { parseArgs } from 'node:util';

/** One option of a bench: `--name VALUE`. */
export interface Option<V> {
  readonly about: string;
  /** Given without a value: `--name`. */
  readonly isFlag?: boolean;
  readonly default: V;
  /** Undefined for a text that is no such value. */
  parse(text: string): V | undefined;
}

export type OptionList = Readonly<Record<string, Option<unknown>>>;
export type ValuesOf<O extends OptionList> = {
  readonly [Name in keyof O]: O[Name] extends Option<infer V> ? V : never;
};

/** A whole number, 0 or more. */
export const count = (usual: number, about: string): Option<number> => ({
  about,
  default: usual,
  parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
});

/** Whole numbers, separated by commas. */
export const counts = (usual: readonly number[], about: string): Option<readonly number[]> => ({
  about,
  default: usual,
  parse: (text) => (/^\d+(,\d+)*$/.test(text) ? text.split(',').map(Number) : undefined),
});

/** One of these words; the first is the default. */
export const choice = <const W extends readonly [string, ...string[]]>(
  words: W,
  about: string,
): Option<W[number]> => ({
  about: `${about}: ${words.join(', ')}`,
  default: words[0],
  parse: (text) => words.find((word) => word === text),
});

/** Given or not. */
export const flag = (about: string): Option<boolean> => ({
  ...{ about, isFlag: true, default: false },
  parse: (text) => (text === 'true' ? true : undefined),
});

/** Somebody called the command in a wrong way. */
export class BenchMisuse extends Error {}

/** The values of all options, and whether `--json` was given. Throws BenchMisuse. */
export function parseOptions(options: OptionList, args: readonly string[]) {
  const texts = Object.entries(options).map(
    ([name, { isFlag = false }]) => [name, { type: isFlag ? 'boolean' : 'string' }] as const,
  );
  const wanted = { ...Object.fromEntries(texts), json: { type: 'boolean' } as const };
  const given = read(() => parseArgs({ args: [...args], options: wanted }).values);
  const values = Object.entries(options).map(([name, option]) => {
    const text = (given as Readonly<Record<string, unknown>>)[name];
    const value = text === undefined ? option.default : option.parse(String(text));
    if (value === undefined) throw new BenchMisuse(`--${name} ${text}: ${option.about}`);
    return [name, value] as const;
  });
  return { values: Object.fromEntries(values), json: given.json === true };
}

function read<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new BenchMisuse(error instanceof Error ? error.message : String(error));
  }
}
