import { createTask, type ScheduledTask, type TaskContext } from 'node-cron';
import type { Logger } from 'pino';
import type { ScheduleConfig } from '../config/config.ts';

/** The clock calls these. `at`: the instant when the tick was due, by this process's clock. */
export interface ClockHandlers {
  tick(schedule: string, at: Date): Promise<void>;
  everyMinute(): Promise<void>;
  everyDay(): Promise<void>;
}

export interface Clock {
  stop(): Promise<void>;
}

const quietHour = '17 4 * * *';

/**
 * Starts node-cron. It only wakes us: the database decides which ticks are due. So a tick that
 * node-cron reports as missed wakes us too, and a tick without a wake-up is found within a minute.
 */
export function startClock(
  schedules: readonly ScheduleConfig[],
  handlers: ClockHandlers,
  log: Logger,
): Clock {
  const start = (cron: string, timezone: string, wake: (at: Date) => Promise<void>) => {
    const task = createTask(cron, (context) => run(context), {
      timezone,
      suppressMissedWarning: true,
    });
    const run = (context: TaskContext) =>
      wake(context.date).catch((error: Error & { code?: string }) => {
        log.warn({ code: error.code ?? error.name }, 'a wake-up of the clock failed');
      });
    task.on('execution:missed', run);
    void task.start();
    return task;
  };
  const tasks: ScheduledTask[] = [
    ...schedules.map(({ id, cron, timezone }) =>
      start(cron, timezone, (at) => handlers.tick(id, at)),
    ),
    start('* * * * *', 'UTC', () => handlers.everyMinute()),
    start(quietHour, 'UTC', () => handlers.everyDay()),
  ];
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.destroy()));
    },
  };
}
