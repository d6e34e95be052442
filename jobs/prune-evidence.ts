import { z } from 'zod';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { pruneEvidence } from '../src/record/sweeps/prune-evidence.ts';
import type { JobContext } from './context.ts';

/** Removes evidence older than the retention, once a day. */
export const pruneEvidenceJob: JobDefinition<Record<string, never>, JobContext> = {
  name: 'prune-evidence',
  queue: 'sweeps',
  payload: z.strictObject({}),
  attempts: 5,

  async run(_payload, { database, config, log }) {
    const pruned = await pruneEvidence(database, config.retentionMs);
    log.info(pruned, 'old evidence was pruned');
  },
};
