import type { Logger } from 'pino';
import type { Config, PolicyDocument } from '../../config/config.ts';
import { readNamedInventory, readNamedPolicy } from '../../config/files/read-named-files.ts';
import { warnOfWaivers } from '../../config/warnings/warn-of-waivers.ts';
import type { ListedKeys } from '../../inventory/listed-keys.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import type { Inventory } from '../../record/sweeps/inventory/compare-inventory.ts';
import type { RequestedFiles } from '../../record/sweeps/requests.ts';
import type { SweepInputs } from '../../record/sweeps/write-sweep.ts';
import type { NamedValue } from './named-value.ts';

/** An inventory, and those of its files that hold no keys. */
export interface InventoryInUse extends Inventory {
  readonly emptyFiles: readonly string[];
}

/** The policy and the inventory that this process opens sweeps with. They change while it runs. */
export interface CurrentFiles {
  readonly policy: NamedValue<PolicyDocument>;
  readonly inventory: NamedValue<InventoryInUse>;
  readonly inputs: SweepInputs;
  /** The configuration with both. */
  readonly config: Config;
  /**
   * The inputs for a request. If its sender has read other files than this process has, the files
   * are read now, and used if they are those of the sender. Throws `RequestRefused` if the request
   * accepts an inventory that this process cannot find.
   */
  inputsFor(files: RequestedFiles): Promise<SweepInputs>;
}

const otherInventory =
  'the process that opens the sweep reads another inventory than yours, so yours was not accepted; ' +
  'give all processes the same files';

export function createCurrentFiles(config: Config, store: string, log: Logger): CurrentFiles {
  const names = config.files.inventory.map(({ name }) => name);
  const policy = createPolicy(config);
  const inventory = createInventory(config, names);
  const inputs = (replacesInventory: boolean): SweepInputs => ({
    policy: policy.inUse,
    approvals: config.approvals,
    inventory: inventory.inUse,
    store,
    replacesInventory,
  });
  return {
    policy,
    inventory,
    get inputs() {
      return inputs(false);
    },
    get config() {
      const { keys, emptyFiles } = inventory.inUse;
      return { ...config, policy: policy.inUse, inventory: keys, emptyInventoryFiles: emptyFiles };
    },
    async inputsFor(files) {
      await follow(policy, files.policy, log);
      await follow(inventory, files.inventory, log);
      const { replacesInventory } = files;
      const differs = files.inventory !== null && files.inventory !== inventory.inUse.hash;
      if (replacesInventory && differs) throw new RequestRefused(otherInventory);
      return inputs(replacesInventory);
    },
  };
}

/**
 * Reads the files again if they are not those that a sender has read. Two processes have then read
 * the same, so there is no wait until the files stand still.
 */
async function follow<Value extends { readonly hash: string }>(
  named: NamedValue<Value>,
  wanted: string | null,
  log: Logger,
): Promise<void> {
  const { kind } = named;
  if (wanted === null || wanted === named.inUse.hash) return;
  const { value } = await named.read();
  if (value?.hash !== wanted || value.hash === named.inUse.hash) return;
  named.use(value);
  log.info({ kind, hash: wanted }, 'the changed policy or inventory of a request is used');
}

function createPolicy({ files, policy }: Config): NamedValue<PolicyDocument> {
  let inUse = policy;
  return {
    kind: 'policy',
    get inUse() {
      return inUse;
    },
    async read() {
      const { policy: value, mistakes, misnamed } = await readNamedPolicy(files);
      const warnings =
        value === undefined ? [] : warnOfWaivers(value.policy.waivers, files.sources);
      return { value, mistakes: [...misnamed, ...mistakes], warnings };
    },
    use(value) {
      inUse = value;
    },
  };
}

function createInventory(
  { files, inventory, emptyInventoryFiles }: Config,
  names: readonly string[],
): NamedValue<InventoryInUse> {
  const toValue = (keys: ListedKeys, emptyFiles: readonly string[]) => ({
    hash: keys.hash,
    keys,
    files: names,
    emptyFiles,
  });
  let inUse = toValue(inventory, emptyInventoryFiles);
  return {
    kind: 'inventory',
    get inUse() {
      return inUse;
    },
    async read() {
      const read = await readNamedInventory(files);
      const mistakes = [...read.misnamed, ...read.mistakes];
      const isWhole = mistakes.length === 0;
      const isNew = isWhole && read.inventory.hash !== inUse.hash;
      if (!isNew) read.inventory.drop();
      const known = isWhole ? inUse : undefined;
      const value = isNew ? toValue(read.inventory, read.emptyInventoryFiles) : known;
      return { value, mistakes, warnings: read.inventoryWarnings };
    },
    use(value) {
      inUse = value;
    },
  };
}
