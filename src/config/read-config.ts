import { homedir } from 'node:os';
import { dirname } from 'node:path';
import {
  type Fault,
  type Mistake,
  type Path,
  sortMistakes,
  toMistake,
} from '../documents/mistake.ts';
import { mostConfigBytes } from '../documents/most-config-bytes.ts';
import { readText } from '../documents/read-text.ts';
import { readYaml, type YamlDocument } from '../documents/yaml-document.ts';
import { readProxies } from '../proxy/read-proxies.ts';
import { wrongRedisUrl, wrongStoreUrl } from './addresses.ts';
import { buildConfig, buildSecrets } from './build-config.ts';
import { checkReferences } from './check-references.ts';
import { checkSchema } from './check-schema.ts';
import { checkWorker } from './check-worker.ts';
import type { Config, Secrets } from './config.ts';
import { restrictsBothDays } from './cron.ts';
import { checkEvidence } from './evidence/check-evidence.ts';
import { type ConfigPlace, configPath } from './files/config-path.ts';
import { listNamedFiles } from './files/named-files.ts';
import { readNamedInventory, readNamedPolicy } from './files/read-named-files.ts';
import { unreadConfig } from './files/unread-config.ts';
import { type KeysweepFile, keysweepSchema } from './keysweep-schema.ts';
import { type Environment, hideVariables, substitute } from './substitute.ts';
import { warnOfUrls } from './warnings/warn-of-urls.ts';
import { warnOfWaivers } from './warnings/warn-of-waivers.ts';

export interface ReadConfigOptions extends ConfigPlace {
  /** The text of keysweep.yaml, instead of what the file holds now. */
  readonly text?: string | undefined;
}

export type ConfigRead =
  | {
      readonly ok: true;
      /** Of keysweep.yaml. It may hold secrets. */
      readonly text: string;
      readonly config: Config;
      readonly secrets: Secrets;
      readonly warnings: readonly string[];
      /** The files that `…File` options name. */
      readonly secretFiles: readonly string[];
    }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/**
 * Reads and checks keysweep.yaml and the policy and inventory that it names. Returns the mistakes
 * of all files at once. Opens only files, and throws nothing because of their contents.
 */
export async function readConfig(options: ReadConfigOptions): Promise<ConfigRead> {
  const { env, cwd } = options;
  const file = configPath(options);
  const refuse = (faults: readonly Fault[]): ConfigRead => ({
    ok: false,
    mistakes: sortMistakes(faults.map((fault) => toMistake(fault, file, cwd))),
  });

  const read = await readOwnText(file, options.text);
  if (!read.ok) return refuse([unreadConfig(read)]);
  const parsed = readYaml(hideVariables(read.text));
  if (!parsed.ok) return refuse(parsed.faults);

  const own = await checkFile(parsed.document, env, dirname(file));
  const files = listNamedFiles(own.raw, {
    config: file,
    text: read.text,
    folder: dirname(file),
    cwd,
    locate: (path) => parsed.document.locate(path),
  });
  const { policy, ...policyRead } = await readNamedPolicy(files);
  const { inventory, emptyInventoryFiles, inventoryWarnings, ...inventoryRead } =
    await readNamedInventory(files);
  const mistakes = sortMistakes([
    ...own.faults.map((fault) => toMistake(fault, file, cwd)),
    ...policyRead.misnamed,
    ...inventoryRead.misnamed,
    ...policyRead.mistakes,
    ...inventoryRead.mistakes,
  ]);
  if (mistakes.length > 0 || own.value === undefined || policy === undefined) {
    return { ok: false, mistakes };
  }
  const urls = { databaseUrl: setIn(env, 'DATABASE_URL'), redisUrl: setIn(env, 'REDIS_URL') };
  const whole = {
    ...{ files, inventory, emptyInventoryFiles, policy },
    file: own.value,
    proxies: readProxies(env).proxies,
    evidenceKeyFile: own.fileOf.get('evidence.key'),
    home: setIn(env, 'HOME') ?? homedir(),
    ...urls,
  };
  return {
    ok: true,
    text: read.text,
    config: buildConfig(whole),
    secrets: buildSecrets(whole),
    secretFiles: own.secretFiles,
    warnings: [
      ...warningsOf(own.value),
      ...warnOfUrls(own.value),
      ...inventoryWarnings,
      ...warnOfWaivers(policy.policy.waivers, files.sources),
    ],
  };
}

async function readOwnText(file: string, text: string | undefined) {
  return text === undefined ? readText(file, mostConfigBytes) : ({ ok: true, text } as const);
}

/** Checks keysweep.yaml alone: its variables, schema and meaning, and the variables over it. */
async function checkFile(document: YamlDocument, env: Environment, folder: string) {
  const substituted = await substitute(document, env, folder);
  const { raw, value, faults } = checkSchema(document, keysweepSchema, substituted.putIn);
  const { files, fileOf } = substituted;
  const ofValues = [
    ...checkReferences(raw),
    ...checkWorker(raw, setIn(env, 'DATABASE_URL')),
    ...checkEvidence(raw, fileOf.has('evidence.key')),
  ];
  const meaning = [...ofValues, ...checkEnvironment(env)].map((fault) => ({
    ...document.locate(fault.path),
    ...fault,
  }));
  // If a variable or file could not be put in, a second fault at that path is a consequence.
  const faulty = new Set(substituted.faults.map(({ path }) => path.join('.')));
  const others = [...faults, ...meaning].filter(({ path }) => !faulty.has(path.join('.')));
  return { raw, value, faults: [...substituted.faults, ...others], secretFiles: files, fileOf };
}

function checkEnvironment(env: Environment): { path: Path; message: string }[] {
  const check = (name: string, path: Path, wrong: (text: string) => string | undefined) => {
    const text = setIn(env, name);
    const message = text === undefined ? undefined : wrong(text);
    return message === undefined ? [] : [{ path, message: `${name} ${message}` }];
  };
  return [
    ...check('DATABASE_URL', ['store', 'url'], wrongStoreUrl),
    ...check('REDIS_URL', ['queue', 'url'], wrongRedisUrl),
    ...readProxies(env).mistakes.map((message) => ({ path: [], message })),
  ];
}

/** Counts an empty variable as unset, because compose files and shells do not distinguish them. */
function setIn(env: Environment, name: string): string | undefined {
  return env[name] || undefined;
}

function warningsOf({ schedules, alerts }: KeysweepFile): string[] {
  const bothDays = schedules
    .filter(({ cron }) => restrictsBothDays(cron))
    .map(
      ({ id }) =>
        `schedules.${id}: the cron line restricts the day of the month and the day of the week; ` +
        'node-cron wants both to match',
    );
  const never =
    'alerts.anomaly.changed: no more than 100% of the keys can change, so nothing is ever held';
  return alerts.anomaly?.changed === 1 ? [...bothDays, never] : bothDays;
}
