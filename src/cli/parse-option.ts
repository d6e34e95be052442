import { InvalidArgumentError } from 'commander';
import type { Role } from '../app/app-options.ts';
import { mostListed } from '../report/alerts-model.ts';
import { malformedId, type NamedThing, readIdBeginning } from '../text/id-beginning.ts';
import { CommandFailed } from './terminal.ts';

export const allRoles: readonly Role[] = ['scheduler', 'worker', 'http'];

export function parseRoles(text: string): readonly Role[] {
  return text.split(',').map((word) => {
    const role = allRoles.find((known) => known === word.trim());
    if (role === undefined) {
      throw new CommandFailed(`--role ${word}: must be scheduler, worker or http`);
    }
    return role;
  });
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CommandFailed(`--port ${text}: must be a whole number from 0 to 65535`);
}

export function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostListed) return limit;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostListed}.`);
}

/** The beginning of an id. Refuses what no id begins with, before anything is opened. */
export function parseId(thing: NamedThing, text: string): string {
  if (readIdBeginning(thing, text) === undefined) throw new CommandFailed(malformedId(thing, text));
  return text.trim();
}
