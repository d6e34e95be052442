import type { Cluster, Redis } from 'ioredis';
import type { OpenPermits } from './permits.ts';
import { aheadMs, graceMs, longestHoldMs } from './plan-permits.ts';

/** What `planPermits` decides, by the clock of Redis and in one step. */
const takeScript = `
  local interval, wanted, urgent = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
  local ahead, grace, longest = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  local kept = redis.call('HMGET', KEYS[1], 'freeAt', 'urgentUntil')
  local function upTo(instant)
    local at = tonumber(instant or '0')
    return at <= now + longest + interval and math.max(now, at) or now
  end
  local start, leavesUntil = upTo(kept[1]), upTo(kept[2])
  local given, inMs, freeAt = 0, math.max(start - now - ahead, urgent and 0 or leavesUntil - now), start
  if inMs > 0 then
    if urgent then leavesUntil = math.max(leavesUntil, now + inMs + grace) end
  else
    given = math.min(wanted, 1 + math.floor((now + ahead - start) / interval))
    inMs, freeAt = start - now, start + given * interval
  end
  redis.call('HSET', KEYS[1], 'freeAt', string.format('%.3f', freeAt),
    'urgentUntil', string.format('%.3f', leavesUntil))
  redis.call('PEXPIRE', KEYS[1], math.ceil(math.max(freeAt, leavesUntil) - now) + 1000)
  return { given, string.format('%.3f', inMs) }
`;

const holdScript = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  local freeAt = math.max(tonumber(redis.call('HGET', KEYS[1], 'freeAt') or '0'), now + ARGV[1])
  redis.call('HSET', KEYS[1], 'freeAt', string.format('%.3f', freeAt))
  redis.call('PEXPIRE', KEYS[1], math.ceil(freeAt - now) + 1000)
`;

type Call<Answer> = (key: string, ...args: readonly (string | number)[]) => Promise<Answer>;

interface PermitCommands {
  readonly keysweepTakePermits: Call<readonly [given: number, inMs: string]>;
  readonly keysweepHoldPermits: Call<null>;
}

/** Permits that all workers with this prefix share. */
export function createRedisPermits(redis: Redis | Cluster, prefix: string): OpenPermits {
  redis.defineCommand('keysweepTakePermits', { numberOfKeys: 1, lua: takeScript });
  redis.defineCommand('keysweepHoldPermits', { numberOfKeys: 1, lua: holdScript });
  const commands = redis as unknown as PermitCommands;
  return (source, intervalMs) => {
    const key = `${prefix}:permits:${source}`;
    return {
      async take({ wanted, urgent }) {
        const asked = [intervalMs, wanted, urgent ? 1 : 0];
        const limits = [aheadMs, graceMs, longestHoldMs];
        const [given, inMs] = await commands.keysweepTakePermits(key, ...asked, ...limits);
        return { given, inMs: Number(inMs) };
      },
      async hold(ms) {
        await commands.keysweepHoldPermits(key, Math.min(ms, longestHoldMs));
      },
    };
  };
}
