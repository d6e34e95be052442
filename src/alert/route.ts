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

/** What routes match on. `type` and `scopes` are undefined if they could not be read. */
export interface Routable {
  readonly severity: Severity;
  readonly source: string;
  readonly type: string | undefined;
  readonly environment: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly scopes: readonly string[] | undefined;
}

/** Returns the channels for a finding, without repeats, in the order of the configuration. */
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
 * matches. It goes to all channels if no route matches, or if its routes name only an owner without
 * known channels. If an unreadable field leaves a match undecided, the finding also goes to the
 * channels of that route, because silence is the worse mistake.
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
