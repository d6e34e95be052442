import {
  type Applies,
  applies,
  type CompiledMatch,
  compileMatch,
} from '../evaluate/policy/match.ts';
import type { Severity } from '../evaluate/policy/policy.ts';
import { readScopes } from '../evaluate/scope.ts';
import type { RouteConfig } from './alerts-config.ts';
import type { Destinations } from './destinations.ts';

/** What a route looks at. `type` and `scopes` are undefined where they could not be read. */
export interface Routable {
  readonly severity: Severity;
  readonly source: string;
  readonly type: string | undefined;
  readonly environment: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly scopes: readonly string[] | undefined;
}

/** The channels that a finding goes to, in the order of the configuration, each once. */
export type Router = (finding: Routable) => readonly string[];

interface Route {
  readonly severities: ReadonlySet<Severity> | undefined;
  readonly match: CompiledMatch;
  readonly channels: readonly string[];
}

/** In a route, this word stands for the channels of the key's owner. */
export const ownerChannel = 'owner';

/**
 * Prepares routes once for many findings. A finding goes to the channels of every route that
 * matches; one that matches none goes to all channels, and so does one whose routes name only an
 * owner that nothing is known of. Where a field cannot be read, a match may be undecided: the
 * finding then goes wherever it might belong beside where it goes for certain, because silence is
 * the worse mistake.
 */
export function compileRoutes({ routes, channels, owners, formats }: Destinations): Router {
  const compiled = routes.map(compileRoute);
  const known = [...formats.keys()];
  return (finding) => {
    const own = owners.get(finding.owner ?? '') ?? [];
    const answers = compiled.map((route) => ({ route, answer: answerOf(route, finding) }));
    const named = (wanted: Applies['answer']) =>
      answers
        .flatMap(({ route, answer }) => (answer === wanted ? route.channels : []))
        .flatMap((channel) => (channel === ownerChannel ? own : [channel]));
    const certain = named('yes');
    const wanted = new Set([...(certain.length > 0 ? certain : channels), ...named('unknown')]);
    return known.filter((channel) => wanted.has(channel));
  };
}

function compileRoute({ match, channels }: RouteConfig): Route {
  const { severity, ...rest } = match ?? {};
  return {
    severities: severity && new Set(severity),
    match: compileMatch(rest),
    channels,
  };
}

function answerOf(route: Route, finding: Routable): Applies['answer'] {
  if (route.severities?.has(finding.severity) === false) return 'no';
  const scopes = readScopes(finding.scopes);
  return applies(route.match, { ...finding, scopes }).answer;
}
