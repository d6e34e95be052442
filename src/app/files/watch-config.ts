import type { Logger } from 'pino';
import { hashText } from '../../config/files/named-files.ts';
import { mostConfigBytes } from '../../documents/most-config-bytes.ts';
import { readText } from '../../documents/read-text.ts';
import type { WatchedFiles } from './watch-files.ts';

/** Says that a changed keysweep.yaml needs a restart; it is read at start only. */
export function watchConfig(config: string, hashAtStart: string, log: Logger): WatchedFiles {
  let known = hashAtStart;
  return {
    files: [config],
    async read() {
      const read = await readText(config, mostConfigBytes);
      const hash = hashText(read.ok ? read.text : read.why);
      return (asked) => {
        const differs = hash !== hashAtStart;
        const isNews = hash !== known;
        known = hash;
        if (differs && (isNews || asked)) {
          log.warn({ file: config }, 'keysweep.yaml has changed: restart to use it');
        }
        if (!differs && isNews)
          log.info({ file: config }, 'keysweep.yaml is as at the start again');
        return async () => undefined;
      };
    },
  };
}
