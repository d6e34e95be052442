import type { Role } from '../../app/app-options.ts';
import { quoted } from '../../documents/mistake.ts';
import { wrongIdText } from '../../evaluate/policy/id-text.ts';
import type { Operations } from '../../operations/index.ts';
import type { NamedKey } from '../../operations/operation.ts';
import type { Requested } from '../../operations/sweeps/sweep.ts';
import { renderCount } from '../../text/render-count.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { OutputOptions } from '../options.ts';
import { canRedraw } from '../output/colors.ts';
import { type PrintOptions, printReport } from '../read/print-report.ts';
import { type AskedStore, chooseStore } from '../server/choose-store.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';
import { createProgressBar } from './progress.ts';
import { tellLater } from './tell-later.ts';
import { type SweepWait, waitForAlerts, waitForSweep } from './wait-for-sweep.ts';

export interface SweepOptions extends OutputOptions {
  /** False with `--no-worker`: wait for another process to do the work. */
  readonly worker: boolean;
}

export interface FullSweepOptions extends SweepOptions {
  /** Accept the inventory, even if it drops most of the tracked keys. */
  readonly replaceInventory: boolean;
}

export interface AuditOptions extends SweepOptions {
  readonly source?: string;
}

/** `keysweep sweep`: runs one sweep of every tracked key, through the queue. */
export function runSweep(terminal: Terminal, options: FullSweepOptions): Promise<ExitCode> {
  const replacesInventory = options.replaceInventory;
  return sweepAndReport(terminal, options, async ({ sweep }, loaded) => {
    const files = { ...hashesOf(loaded), replacesInventory };
    return (words) => sweep({ ...words, files });
  });
}

/** A server sweeps with its own files. */
function hashesOf(loaded: LoadedConfig | undefined) {
  if (loaded === undefined) return { policy: null, inventory: null };
  const { policy, inventory } = loaded.config;
  return { policy: policy.hash, inventory: inventory.hash };
}

/** `keysweep audit KEY…`: audits the named keys, before queued nightly work. */
export function runAudit(
  terminal: Terminal,
  keyIds: readonly string[],
  options: AuditOptions,
): Promise<ExitCode> {
  const { source } = options;
  refuseUnseen(source === undefined ? keyIds : [...keyIds, source]);
  return sweepAndReport(terminal, options, async (operations) => {
    const keys = new Map<string, NamedKey>();
    for (const keyId of new Set(keyIds)) {
      const found = await operations.findKeys({ keyId, source });
      if (found.length === 0) throw new CommandFailed(unknownKey(keyId, source));
      for (const key of found) keys.set(JSON.stringify([key.source, key.keyId]), key);
    }
    return (words) => operations.audit({ ...words, keys: [...keys.values()] });
  });
}

/** An id that was copied with an invisible character would only be said to be unknown. */
function refuseUnseen(ids: readonly string[]): void {
  for (const id of ids) {
    const wrong = wrongIdText(id);
    if (wrong !== undefined) throw new CommandFailed(`${quoted(id)} ${wrong}`);
  }
}

function unknownKey(keyId: string, source: string | undefined): string {
  const where = source === undefined ? 'in the inventory' : `of source ${source} in the inventory`;
  return `no key ${JSON.stringify(keyId)} ${where}; keysweep keys list shows the tracked keys`;
}

type Ask = (words: {
  readonly reason: string;
  readonly requestedBy: string | null;
}) => Promise<Requested>;

/** `prepare` checks the words of the command before anything is requested. */
async function sweepAndReport(
  terminal: Terminal,
  options: SweepOptions,
  prepare: (operations: Operations, loaded: LoadedConfig | undefined) => Promise<Ask>,
): Promise<ExitCode> {
  const { loaded, open } = await chooseStore(terminal, options);
  const { worker } = options;
  const later = tellLater(terminal);
  const roles: ReadonlySet<Role> = new Set(worker ? ['worker'] : []);
  const opened = await open(roles, { elsewhere: !worker, tell: later?.tell });
  try {
    const ask = await prepare(opened.operations, loaded);
    const printed = { ...options, configFile: loaded?.config.file };
    const policyHash = loaded?.config.policy.hash;
    const said = { ask, policyHash, reported: () => later?.show() };
    return await askAndReport(terminal, printed, opened, said);
  } finally {
    await opened.detach();
    later?.show();
  }
}

/** The process that opens a sweep reads its own files again, which need not be the same. */
const otherPolicy =
  'note: another process opened this sweep, with another policy than your files have; ' +
  'give that process the same files';

interface Said {
  readonly ask: Ask;
  /** Undefined where a server has the policy. */
  readonly policyHash: string | undefined;
  readonly reported: () => void;
}

async function askAndReport(
  terminal: Terminal,
  options: PrintOptions,
  { operations, goesOn }: AskedStore,
  { ask, policyHash, reported }: Said,
): Promise<ExitCode> {
  const { signal, env, stderr } = terminal;
  const requestedBy = env['USER'] ?? env['LOGNAME'] ?? null;
  const { request: requestId } = await ask({ reason: 'command', requestedBy });
  const bar = createProgressBar(terminal, options);
  const sayLine =
    options.quiet || canRedraw(env, stderr) ? undefined : (line: string) => say(terminal, line);
  const waiting: SweepWait = { operations, requestId, bar, sayLine, signal, goesOn };
  const sweepId = await waitForSweep(waiting).finally(() => bar.clear());
  const report = await operations.report({ id: sweepId });
  if (report === undefined) throw new CommandFailed('the report is no longer in the store');
  if (report.sweep.policy.hash !== (policyHash ?? report.sweep.policy.hash)) {
    say(terminal, otherPolicy);
  }
  const code = await printReport(terminal, report, options);
  reported();
  const undelivered = await waitForAlerts(waiting).finally(() => bar.clear());
  if (undelivered > 0 && !options.quiet) {
    const what = renderCount(undelivered, 'alert is', 'alerts are');
    say(
      terminal,
      `${what} not delivered yet; that continues ${goesOn}, and keysweep alerts list says why`,
    );
  }
  return code;
}
