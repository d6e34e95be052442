import { mostConfigBytes } from '../../documents/most-config-bytes.ts';
import { parseYaml } from '../../evaluate/policy/parse-yaml.ts';
import { readControls } from '../../evaluate/policy/read-controls.ts';
import type { WaivedKey } from '../../evaluate/waivers/hash-approved.ts';
import { readWaivedKeys } from '../../evaluate/waivers/read-waived-keys.ts';
import type { ClosedSweepLeaf } from '../sweeps/closed-sweeps.ts';
import type { PolicySummary } from './summary.ts';

/** The text of each policy that is there, by the name of its object. */
export type PolicyTexts = ReadonlyMap<string, string>;

/** The rules of each control, by the names of controls. */
export type ControlsOfRules = ReadonlyMap<string, readonly string[]>;

export interface PoliciesRead {
  readonly listed: readonly PolicySummary[];
  /** The rules of each policy, by its name, with their controls. */
  readonly byHash: ReadonlyMap<string, ControlsOfRules>;
  /** The controls of each rule in the newest policy of the period that has it. */
  readonly controls: ControlsOfRules;
  /**
   * The keys that waivers name, by what the log calls the waiver, in the newest policy of the period
   * that has it.
   */
  readonly waivedKeys: ReadonlyMap<string, readonly WaivedKey[]>;
}

/** Reads the policies that these sweeps judged by, in the order of the log. */
export function readPolicies(sweeps: readonly ClosedSweepLeaf[], texts: PolicyTexts): PoliciesRead {
  const byHash = new Map<string, ControlsOfRules>();
  const controls = new Map<string, readonly string[]>();
  const waivedKeys = new Map<string, readonly WaivedKey[]>();
  const listed = countUses(sweeps).map((use): PolicySummary => {
    const policy = parsePolicy(texts.get(use.hash) ?? '');
    for (const [waiver, keys] of readWaivedKeys(policy)) waivedKeys.set(waiver, keys);
    const rules = readControls(policy);
    if (rules === undefined) return { ...use, isRead: false };
    byHash.set(use.hash, new Map(rules.map((one) => [one.rule, one.controls])));
    for (const one of rules) controls.set(one.rule, one.controls);
    return { ...use, isRead: true };
  });
  return { listed, byHash, controls, waivedKeys };
}

/** keysweep reads no longer file, and to parse one takes a hundred times its size. */
function parsePolicy(text: string): unknown {
  return text.length > mostConfigBytes ? undefined : parseYaml(text);
}

function countUses(sweeps: readonly ClosedSweepLeaf[]): Omit<PolicySummary, 'isRead'>[] {
  const uses = new Map<string, Omit<PolicySummary, 'isRead'>>();
  for (const { n, subjects } of sweeps) {
    const { policy: hash } = subjects;
    if (hash === undefined) continue;
    const before = uses.get(hash) ?? { hash, sweeps: 0, firstLeaf: n };
    uses.set(hash, { ...before, sweeps: before.sweeps + 1 });
  }
  return [...uses.values()];
}
