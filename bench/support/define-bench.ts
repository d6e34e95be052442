import type { Aim } from './aim.ts';
import type { OptionList, ValuesOf } from './option.ts';

/** One thing that a bench found out. Its name is also the name of its aim, if it has one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value was compared with, as a person would read it. */
  readonly beside?: string;
  /** The value of each round, if there were several; `value` is their median. */
  readonly rounds?: readonly number[];
}

/** A figure that could not be had on this machine. It is printed, so that nobody misses it unseen. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

export type Found = Figure | LeftOut;

interface Definition<O extends OptionList> {
  readonly name: string;
  /** One sentence for the list of benches. */
  readonly about: string;
  readonly options: O;
  /** What is to be reached, by the names of figures. */
  aims(values: ValuesOf<O>): Readonly<Record<string, Aim>>;
  run(values: ValuesOf<O>, say: Say): Promise<readonly Found[]>;
}

/** Notes of progress; they go to stderr. */
export type Say = (line: string) => void;

/** A bench with its options set. */
export interface ReadyBench {
  readonly values: Readonly<Record<string, unknown>>;
  readonly aims: Readonly<Record<string, Aim>>;
  run(say: Say): Promise<readonly Found[]>;
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  readonly options: OptionList;
  /** `values` come from `parseOptions` with these options. */
  prepare(values: Readonly<Record<string, unknown>>): ReadyBench;
}

/** The only form of a bench: `bench/NAME.ts` exports one as `bench`. */
export function defineBench<const O extends OptionList>(definition: Definition<O>): Bench {
  const { name, about, options } = definition;
  return {
    ...{ name, about, options },
    prepare(given) {
      const values = given as ValuesOf<O>;
      const aims = definition.aims(values);
      return { values: given, aims, run: (say) => definition.run(values, say) };
    },
  };
}
