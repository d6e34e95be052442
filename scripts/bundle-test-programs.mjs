// Bundles what suites start as a process or a thread of its own: Node reads no types there.
import { bundle } from './bundle.mjs';

await bundle(
  [
    'test/e2e/start-with-timings.ts',
    'test/record/store/embedded/hold-process.ts',
    'src/sources/thread/start-thread.ts',
  ],
  'build/test',
);
