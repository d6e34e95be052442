import type { Logger } from 'pino';
import type { ConfigRejected } from '../../alert/message.ts';
import type { RejectedFiles } from '../../alert/plan/plan-notices.ts';
import { hashFiles } from '../../config/files/hash-files.ts';
import type { NamedFile } from '../../config/files/named-files.ts';
import { planChange } from '../../config/files/plan-change.ts';
import { type Mistake, renderMistakes, sortMistakes } from '../../documents/mistake.ts';
import type {
  ComparedInventory,
  HeldInventory,
  Inventory,
} from '../../record/sweeps/inventory/compare-inventory.ts';
import type { CurrentFiles } from './current-files.ts';
import type { NamedValue } from './named-value.ts';
import type { Left, WatchedFiles } from './watch-files.ts';

/** What the watching of a policy or an inventory needs. */
export interface Watching {
  readonly log: Logger;
  /** Alerts all channels about files that are not used, once for each `content`. */
  alert(content: string, rejected: RejectedFiles): Promise<void>;
  compare(inventory: Inventory): Promise<ComparedInventory>;
  alertHeld(held: HeldInventory): Promise<void>;
}

const inventoryHeld = 'the inventory is held: sweeps use the keys tracked before';

const mostMistakes = 20;
const longestMistake = 500;

const used = 'a changed policy or inventory is used from the next sweep';
const nothingLeft: Left = async () => undefined;

/** Uses a changed policy, or keeps the one before and alerts all channels. */
export function watchPolicy(
  { policy }: CurrentFiles,
  files: readonly NamedFile[],
  watching: Watching,
): WatchedFiles {
  return watchValue(policy, files, watching, ({ hash, policy }, isNew) => {
    if (isNew) watching.log.info({ kind: 'policy', hash, version: policy.version }, used);
    return nothingLeft;
  });
}

/**
 * Uses a changed inventory, or keeps the one before and alerts all channels. What is left is to
 * compare it with the tracked keys: if it is held, the channels are alerted without waiting for a
 * sweep.
 */
export function watchInventory(
  { inventory }: CurrentFiles,
  files: readonly NamedFile[],
  watching: Watching,
): WatchedFiles {
  const { log, compare, alertHeld } = watching;
  let compared: string | undefined;
  return watchValue(inventory, files, watching, (value, isNew) => async () => {
    const { hash, keys } = value;
    if (hash === compared && !isNew) return;
    const result = await compare(value);
    if (result.kind === 'held') {
      log.warn({ kind: 'inventory', files: value.files, ...result.held }, inventoryHeld);
      await alertHeld(result.held);
    } else if (isNew) {
      log.info({ kind: 'inventory', hash: `sha256:${hash}`, keys: keys.count }, used);
    }
    compared = hash;
  });
}

function watchValue<Value extends { readonly hash: string }>(
  named: NamedValue<Value>,
  files: readonly NamedFile[],
  watching: Watching,
  leftFor: (value: Value, isNew: boolean) => Left,
): WatchedFiles {
  const { kind } = named;
  const paths = files.map(({ file }) => file);
  let wasRejected = false;
  return {
    files: paths,
    async read() {
      const { value, mistakes, warnings } = await named.read();
      const content = value === undefined ? await hashFiles(paths) : '';
      return (asked) => {
        const { hash: inUse } = named.inUse;
        const change = planChange({ hash: value?.hash, inUse, wasRejected });
        wasRejected = change === 'reject';
        if (value === undefined) {
          return reject(`${kind} ${content}`, describe(kind, files, mistakes), watching);
        }
        if (change === 'use') use(named, value, warnings, watching.log);
        else if (change === 'returned' || asked) watching.log.info({ kind }, sayings[change]);
        return leftFor(value, change === 'use');
      };
    },
  };
}

function use<Value extends { readonly hash: string }>(
  named: NamedValue<Value>,
  value: Value,
  warnings: readonly string[],
  log: Logger,
): void {
  named.use(value);
  const { kind } = named;
  if (warnings.length > 0) {
    log.warn({ kind, warnings }, 'a changed policy or inventory is doubtful');
  }
}

const sayings = {
  reject: 'a changed policy or inventory has mistakes and is not used',
  returned: 'the policy or inventory in use is back',
  same: 'the policy or inventory is unchanged',
} as const;

function reject(content: string, data: ConfigRejected, { log, alert }: Watching): Left {
  log.error(data, sayings.reject);
  return () => alert(content, { type: 'config.rejected', data });
}

function describe(
  kind: 'policy' | 'inventory',
  files: readonly NamedFile[],
  mistakes: readonly Mistake[],
): ConfigRejected {
  const first = sortMistakes(mistakes).slice(0, mostMistakes);
  return {
    kind,
    files: files.map(({ name }) => name),
    mistakes: renderMistakes(first).map((line) => line.slice(0, longestMistake)),
    omitted: mistakes.length - first.length,
  };
}
