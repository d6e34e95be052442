import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findNamed } from '../../config/find-named.ts';
import { packageRoot } from '../../config/package-root.ts';
import { readPolicy } from '../../config/read-policy.ts';
import { quoted, renderMistakes, shownFile } from '../../documents/mistake.ts';
import { type Policy, ruleSchemas } from '../../evaluate/policy/policy.ts';
import { renderMarkdown } from '../../report/table/page.ts';
import { renderRule } from '../../report/table/rule-page.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeText } from '../output/write-output.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';

export interface PolicyExplainOptions {
  readonly policy?: string;
  readonly config?: string;
  readonly color: boolean;
}

/**
 * `keysweep policy explain RULE`: prints the page of a rule type; for the id of a rule in the policy,
 * the settings of that rule come first. Only ids need a policy.
 */
export async function runPolicyExplain(
  terminal: Terminal,
  name: string,
  options: PolicyExplainOptions,
): Promise<ExitCode> {
  const text = await readPage(terminal, name, options);
  const shown = tableOptions(terminal, options);
  const isRead = terminal.stdout.isTTY === true || shown.color;
  await writeText(terminal, isRead ? renderMarkdown(text, shown) : text);
  return 0;
}

async function readPage(
  terminal: Terminal,
  name: string,
  options: PolicyExplainOptions,
): Promise<string> {
  const isType = Object.hasOwn(ruleSchemas, name);
  const found = await findPolicy(terminal, options);
  if (!found.ok) {
    if (isType && !found.asked) return readTypePage(name);
    // The user named a file that cannot be used: report only that.
    const lines = found.asked ? found.lines : [unknownRule(name, []), ...found.lines];
    throw new CommandFailed(lines.join('\n'));
  }
  const { policy, needsApprovals = false } = found;
  const rule = policy.rules.find(({ id }) => id === name);
  if (rule !== undefined) {
    return `${renderRule(rule, policy, { now: new Date(), needsApprovals })}\n${await readTypePage(rule.type)}`;
  }
  if (isType) return readTypePage(name);
  const ids = policy.rules.map(({ id }) => id);
  throw new CommandFailed(unknownRule(name, ids));
}

/** The pages come with the program. */
async function readTypePage(type: string): Promise<string> {
  const file = join(packageRoot(), 'docs', 'rules', `${type}.md`);
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandFailed(`${file} cannot be read; install keysweep again`);
  }
}

/** `asked`: the user named a file. Otherwise a missing policy is no mistake. */
type PolicyFound =
  | { readonly ok: true; readonly policy: Policy; readonly needsApprovals?: boolean }
  | { readonly ok: false; readonly asked: boolean; readonly lines: readonly string[] };

async function findPolicy(
  { cwd, env }: Terminal,
  { policy, config }: PolicyExplainOptions,
): Promise<PolicyFound> {
  const refuse = (lines: readonly string[]): PolicyFound => ({
    ok: false,
    asked: policy !== undefined || config !== undefined,
    lines,
  });
  if (policy !== undefined) return readFound(resolve(cwd, policy), cwd, refuse);
  const file = resolve(cwd, config ?? (env['KEYSWEEP_CONFIG'] || 'config/keysweep.yaml'));
  const found = await findNamed(file, env, cwd);
  if (!found.ok) return refuse(renderMistakes(found.mistakes));
  const named = found.named.policy;
  if (named === undefined) return refuse(['the configuration names no policy']);
  const read = await readFound(named, cwd, refuse);
  return read.ok ? { ...read, needsApprovals: found.named.needsApprovals } : read;
}

async function readFound(
  file: string,
  cwd: string,
  refuse: (lines: readonly string[]) => PolicyFound,
): Promise<PolicyFound> {
  const { policy, mistakes, unreadable } = await readPolicy(file, cwd);
  if (policy !== undefined) return { ok: true, policy: policy.policy };
  const name = shownFile(file, cwd);
  return refuse(unreadable === undefined ? renderMistakes(mistakes) : [`${name}: ${unreadable}`]);
}

function unknownRule(name: string, ids: readonly string[]): string {
  const types = `the types are ${Object.keys(ruleSchemas).join(', ')}`;
  const own = ids.length === 0 ? '' : `; the rules of the policy are ${ids.join(', ')}`;
  return `there is no rule ${quoted(name)}; ${types}${own}`;
}
