import { applies, type CompiledMatch, compileMatch } from '../evaluate/policy/match.ts';
import { compilePattern, matches } from '../evaluate/policy/pattern.ts';
import type { PolicyRule } from '../evaluate/policy/policy.ts';
import type { WaivableKeys } from './match-waivers.ts';

/**
 * Describes the rules that match none of these keys; the usual reason is a misspelt word in
 * `match`. A rule that matches by type or scope may still match a key whose vendor fields are
 * unknown.
 */
export function findIdleRules(
  rules: readonly PolicyRule[],
  { called, keys }: WaivableKeys,
): readonly string[] {
  return rules.filter(isWritten).flatMap((rule) => {
    const match = compileMatch(rule.match);
    if (!keys.some((key) => applies(match, key).answer !== 'no')) {
      return [`the match of rule ${rule.id} fits no key of the ${called}`];
    }
    if (!allowsAll(rule) || keys.some((key) => isNarrowed(key, match))) return [];
    return [
      `rule ${rule.id} allows every scope: it has no allow, forbids nothing, and the ${called} approves none of its keys any`,
    ];
  });
}

/** The types in rules that the vendor does not document. The comparison is case-sensitive. */
export function findStrangeTypes(
  rules: readonly PolicyRule[],
  documented: readonly string[],
): readonly string[] {
  return rules.filter(isWritten).flatMap(({ id, match }) => {
    const fits = (text: string) => {
      const pattern = compilePattern(text);
      return documented.some((type) => matches(pattern, type));
    };
    const strange = (match?.type ?? []).filter((text) => !fits(text));
    if (strange.length === 0) return [];
    return [
      `rule ${id} matches on type ${strange.join(', ')}; the vendor documents ${documented.join(', ')}, in this case of letters`,
    ];
  });
}

/** A warning rule shares the match of the rule that it warns about. */
function isWritten(rule: PolicyRule): boolean {
  return !('due' in rule);
}

function allowsAll(rule: PolicyRule): boolean {
  return rule.type === 'over-scoped' && rule.allow === undefined && !rule.forbid?.length;
}

function isNarrowed(key: WaivableKeys['keys'][number], match: CompiledMatch): boolean {
  return key.approvedScopes !== null && applies(match, key).answer !== 'no';
}
