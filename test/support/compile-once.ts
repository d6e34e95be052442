/**
 * Flags of Node: V8 would compile what is busy in PGlite a second time, optimised. That costs a
 * short life more processor time than it saves: half of what opening the embedded store takes.
 */
export const compileOnce = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'] as const;
