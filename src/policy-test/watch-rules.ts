import { applies, compileMatch } from '../evaluate/policy/match.ts';
import { compilePattern, matches } from '../evaluate/policy/pattern.ts';
import type { PolicyRule } from '../evaluate/policy/policy.ts';
import type { KeysCalled, Watch } from './watched-keys.ts';

/**
 * Finds the rules that match no key; the usual reason is a misspelt word in `match`. A rule that
 * matches by type or scope may still match a key whose vendor fields are unknown.
 */
export function watchRules(rules: readonly PolicyRule[], called: KeysCalled): Watch {
  const watches = rules.filter(isWritten).map((rule) => watchRule(rule, called));
  return {
    see(key) {
      for (const watch of watches) watch.see(key);
    },
    describe: () => watches.flatMap((watch) => watch.describe()),
  };
}

function watchRule(rule: PolicyRule, called: KeysCalled): Watch {
  const match = compileMatch(rule.match);
  let fits = false;
  /** Whether some key that it fits has approved scopes; most rules do not ask for that. */
  let narrowed = !allowsAll(rule);
  return {
    see(key) {
      if ((fits && narrowed) || applies(match, key).answer === 'no') return;
      fits = true;
      narrowed ||= key.approvedScopes !== null;
    },
    describe() {
      if (!fits) return [`the match of rule ${rule.id} fits no key of the ${called}`];
      if (narrowed) return [];
      return [
        `rule ${rule.id} allows every scope: it has no allow, forbids nothing, and the ${called} approves none of its keys any`,
      ];
    },
  };
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
