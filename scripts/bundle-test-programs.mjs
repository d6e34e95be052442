// Bundles the programs that suites start as processes or threads, where Node reads no types.
import { bundle } from './bundle.mjs';

await bundle(
  [
    'test/e2e/start-processes-with-timings.ts',
    'test/e2e/start-with-timings.ts',
    'test/e2e/trace-to-file.ts',
    'test/record/store/embedded/hold-process.ts',
    'src/sources/thread/start-thread.ts',
    'src/backtest/judging/thread-judges.ts',
  ],
  'build/test',
);
