import type { JobRun } from '../src/queue/define-job.ts';
import type { ClaimedBatch, PendingKey } from '../src/record/store/claimed-batch.ts';
import { admitToSource, endSourceWait, keepSourceWait } from '../src/record/sweeps/source-waits.ts';
import { type AskedKey, planAway, planProbe, planSourceWait } from '../src/sources/plan-outcome.ts';
import { readClock } from '../src/timing/database-clock.ts';
import type { JobContext } from './context.ts';

/** A probe is a few requests of one key; each ends within the source's timeout. */
const probeTimeouts = 4;
const leastProbeMs = 60_000;

/**
 * Asks the source about the pending keys of a batch. While the source wants us to stay away, one
 * worker alone probes it with one key, and the other keys are not asked for.
 */
export async function askSource(
  work: ClaimedBatch,
  context: Pick<JobContext, 'sources' | 'database' | 'log' | 'tracing'> & Pick<JobRun, 'signal'>,
  urgent: boolean,
): Promise<readonly AskedKey[]> {
  const { sources, database, log, tracing, signal } = context;
  const { source } = work;
  const ask = async (keys: readonly PendingKey[]) => {
    const facts = { source, keys: keys.length };
    const asked = await tracing.span('keysweep.source', facts, () =>
      sources.observe({ ...work, keys }, urgent, signal),
    );
    const wait = planSourceWait(asked, readClock(work.clock));
    const until = wait && (await keepSourceWait(database, source, wait));
    if (until !== undefined) {
      log.warn(
        { source, until },
        'a source asked us to stay away for long; it is probed meanwhile',
      );
    }
    return { asked, wait };
  };

  const probeMs = Math.max(leastProbeMs, probeTimeouts * sources.config(source).timeoutMs);
  const admission = await admitToSource(database, source, probeMs);
  if (admission.kind === 'open') return (await ask(work.keys)).asked;
  const probed = admission.kind === 'probe' ? planProbe(work.keys) : undefined;
  const others = work.keys.filter((key) => key !== probed);
  const first = probed === undefined ? undefined : await ask([probed]);
  if (first !== undefined && first.wait === undefined) {
    await endSourceWait(database, source);
    return [...first.asked, ...(await ask(others)).asked];
  }
  const retryInMs = first?.wait?.probeInMs ?? admission.away.retryInMs;
  const away = { ...admission.away, retryInMs };
  return [
    ...(first?.asked ?? []),
    ...others.map((key) => planAway(key, away, readClock(work.clock))),
  ];
}
