/**
 * Flags of Node that stop V8 from compiling PGlite's hot code a second time, optimised. In a
 * short-lived process, that costs more than it saves: half of the time to open the embedded store.
 * What is never called is not validated either.
 */
export const compileOnce = [
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
  '--wasm-lazy-validation',
] as const;
