import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { wrongCron, wrongTimeZone } from '../config/cron.ts';
import { packageRoot } from '../config/package-root.ts';
import { defaultAnswers, type InitAnswers, type VendorEnvironment } from '../init/answers.ts';
import { ask } from '../init/ask.ts';
import { type PackagedTexts, planFiles, plannedNames } from '../init/plan-files.ts';
import { planNextSteps } from '../init/plan-next-steps.ts';
import { findExisting, isObstructed, type WriteFailure, writeFiles } from '../init/write-files.ts';
import { canRedraw } from './output/colors.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from './terminal.ts';

export interface InitOptions {
  readonly policy: string;
  readonly environment?: VendorEnvironment;
  readonly cron?: string;
  readonly yes: boolean;
}

/** `keysweep init [FOLDER]`: writes a configuration that works at once, and replaces no file. */
export async function runInit(
  terminal: Terminal,
  folder: string,
  options: InitOptions,
): Promise<ExitCode> {
  const target = resolve(terminal.cwd, folder);
  const place = (name: string) => placeIn(folder, name);
  // Before the questions: nobody should answer them for nothing.
  if (await isObstructed(target)) throw new CommandFailed(obstructed(place('.')));
  const existing = await findExisting(target, plannedNames);
  if (existing.length > 0) throw new CommandFailed(existsAlready(existing.map(place)));

  const timezone = ownTimeZone();
  const answers = await readAnswers(terminal, options, timezone);
  const packaged = await readPackaged(options.policy);
  const files = planFiles({ ...answers, timezone, packaged, place });
  const failure = await writeFiles(target, files);
  if (failure !== undefined) throw new CommandFailed(failureWords(failure, place));

  const width = Math.max(...files.map(({ name }) => place(name).length));
  say(terminal, 'Wrote:');
  for (const { name, about } of files) say(terminal, `  ${place(name).padEnd(width)}  ${about}`);
  say(terminal, '\nNext:');
  const found = isFound(terminal, join(target, 'keysweep.yaml'));
  const steps = planNextSteps({ environment: answers.environment, place, found });
  for (const step of steps) say(terminal, `  ${step}`);
  return 0;
}

async function readAnswers(
  terminal: Terminal,
  { environment, cron, yes }: InitOptions,
  timezone: string,
): Promise<InitAnswers> {
  const wrong = cron === undefined ? undefined : wrongCron(cron);
  if (wrong !== undefined) throw new CommandFailed(`--cron ${JSON.stringify(cron)}: ${wrong}`);
  const known = {
    ...(environment === undefined ? {} : { environment }),
    ...(cron === undefined ? {} : { cron }),
  };
  const { env, stdin, stderr, signal } = terminal;
  if (yes || stdin.isTTY !== true || stderr.isTTY !== true) return { ...defaultAnswers, ...known };
  const redraws = canRedraw(env, stderr);
  const answers = await ask(known, { input: stdin, output: stderr, signal, timezone, redraws });
  if (answers === undefined) throw new CommandFailed('\nstopped; nothing was written');
  return answers;
}

async function readPackaged(policy: string): Promise<PackagedTexts> {
  const read = (...names: string[]) => readFile(join(packageRoot(), 'config', ...names), 'utf8');
  return {
    policy: await read('policies', `${policy}.yaml`),
    keysweepSchema: await read('keysweep.schema.json'),
    policySchema: await read('policy.schema.json'),
  };
}

/** The zone of this machine, or UTC where it has none that a schedule could use. */
function ownTimeZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return wrongTimeZone(timeZone) === undefined ? timeZone : 'UTC';
}

/** Whether commands find this configuration by themselves. */
function isFound({ env, cwd }: Terminal, file: string): boolean {
  return resolve(cwd, env['KEYSWEEP_CONFIG'] || join('config', 'keysweep.yaml')) === file;
}

/** The path of a file of the folder, as a word that a shell takes for a path. */
function placeIn(folder: string, name: string): string {
  const path = join(folder, name);
  const plain = /^[\w.,:@%+=/-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return path.includes('/') ? plain : `./${plain}`;
}

function obstructed(path: string): string {
  return `${path}: a file is in the way; name another folder (keysweep init FOLDER), or move the file`;
}

function existsAlready(paths: readonly string[]): string {
  const verb = paths.length === 1 ? 'exists' : 'exist';
  return `${paths.join(', ')}: ${verb} already; keysweep init replaces no file, and wrote nothing`;
}

function failureWords({ name, code }: WriteFailure, place: (name: string) => string): string {
  if (name === '.' && (code === 'EEXIST' || code === 'ENOTDIR')) return obstructed(place('.'));
  if (code === 'EEXIST') return existsAlready([place(name)]);
  return `${place(name)}: cannot be written (${code}); keysweep init wrote nothing`;
}
