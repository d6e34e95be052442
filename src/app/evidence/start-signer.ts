import type { Logger } from 'pino';
import type { Database } from '../../record/store/database.ts';
import { type CosigningTerms, createCosigning } from './cosign-log.ts';
import { type SigningTerms, signLog } from './sign-log.ts';
import { SigningRefused } from './signing-refused.ts';

/** Any leaf is signed within twice this time. */
const usualEveryMs = 5_000;

/** The store closes soon after. */
const lastMs = 2_000;

export interface SignerTerms extends SigningTerms, CosigningTerms {}

export interface Signer {
  /** Signs what is there now, has it cosigned, and stops. */
  stop(): Promise<void>;
}

/**
 * Signs the log again and again, has its witnesses cosign, and says once what is wrong while that
 * is so.
 */
export function startSigner(
  database: Pick<Database, 'db'>,
  terms: SignerTerms,
  log: Pick<Logger, 'warn' | 'error'>,
  everyMs = usualEveryMs,
): Signer {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let said = '';
  const note = (error: Error & { code?: string }) => {
    const refused = error instanceof SigningRefused;
    const what = refused ? error.message : (error.code ?? error.name);
    if (what === said) return;
    said = what;
    if (refused) log.error({ code: error.code, reason: what }, 'the evidence log is not signed');
    else log.warn({ code: what }, 'the evidence log could not be signed now');
  };
  const cosign = createCosigning(database, terms, log);
  const ended = new AbortController();
  const sign = async (signal: AbortSignal) => {
    try {
      await signLog(database, terms);
      await cosign(signal);
      said = '';
    } catch (error) {
      if (!signal.aborted) note(error as Error);
    }
  };
  let running: Promise<void> = Promise.resolve();
  const wake = () => {
    running = sign(ended.signal).finally(() => {
      if (!stopped) timer = setTimeout(wake, everyMs);
    });
  };
  wake();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      // A witness that does not answer must not keep the process from stopping.
      ended.abort();
      await running;
      await sign(AbortSignal.timeout(lastMs));
    },
  };
}
