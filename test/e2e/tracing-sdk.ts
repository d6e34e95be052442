import { pathToFileURL } from 'node:url';

/** The SDK of `trace-to-file.ts`, for `--import`; bundled for the suites, as Node reads no types. */
export const tracingSdk = pathToFileURL('build/test/trace-to-file.js').href;
