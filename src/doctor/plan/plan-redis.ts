import type { RedisFacts } from '../../queue/redis/read-redis-facts.ts';
import { type Line, warning, well } from '../line.ts';

const oldest = [6, 2] as const;

/** Judges the version and the persistence of each Redis. */
export function planRedis(facts: readonly RedisFacts[]): readonly Line[] {
  return [planVersion(facts), planPersistence(facts)];
}

const unreadable = 'the user may not read INFO';

function planVersion(facts: readonly RedisFacts[]): Line {
  const versions = [...new Set(facts.map(({ version }) => version))];
  const seen = `Redis ${versions.filter((version) => version !== undefined).join(', ')}`;
  if (versions.includes(undefined)) {
    return warning('version', unreadable, 'make sure that Redis is 6.2 or newer, or allow INFO');
  }
  if (versions.every((version) => isNewEnough(version ?? ''))) return well('version', seen);
  return warning('version', seen, 'upgrade Redis to 6.2 or newer');
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

function planPersistence(facts: readonly RedisFacts[]): Line {
  const kept = facts.map(({ keepsLog }) => keepsLog);
  const mend = 'set appendonly yes in Redis';
  if (kept.includes(false)) {
    const seen =
      'appendonly is off: a restart of Redis delays work until reconcile queues it again';
    return warning('persistence', seen, mend);
  }
  if (kept.includes(undefined)) {
    return warning('persistence', unreadable, `make sure of it: ${mend}`);
  }
  return well('persistence', 'appendonly is on');
}
