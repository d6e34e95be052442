import type { ChannelHealth } from '../../../record/reads/pages/read-channel-health.ts';
import type { LastSweep, OpenSweep } from '../../../record/reads/pages/read-last-sweep.ts';
import type { NightChanges } from '../../../record/reads/pages/read-night-changes.ts';
import type { OpenFindings } from '../../../record/reads/pages/read-open-findings.ts';
import type { ScheduleHealth } from '../../../record/reads/pages/read-schedule-health.ts';
import type { HeldSweep } from '../../../report/alerts-model.ts';
import type { CalendarNight } from '../nights/plan-nights.ts';
import type { FleetMap } from './plan-fleet.ts';

/** All that the overview shows. */
export interface OverviewModel {
  readonly now: Date;
  /** The keys of the inventory. */
  readonly keys: number;
  readonly last: LastSweep | undefined;
  readonly running: readonly OpenSweep[];
  readonly held: readonly HeldSweep[];
  readonly changes: NightChanges;
  readonly nights: readonly CalendarNight[];
  /** The zone whose days the nights are. */
  readonly timezone: string;
  readonly fleet: FleetMap;
  readonly open: readonly OpenFindings[];
  readonly schedules: readonly ShownSchedule[];
  readonly sources: readonly ShownSource[];
  readonly channels: readonly ShownChannel[];
}

export interface ShownSchedule extends ScheduleHealth {
  readonly cron: string;
  readonly timezone: string;
  readonly next: Date | undefined;
}

/** A source, with the keys that it had in the last full sweep. */
export interface ShownSource {
  readonly id: string;
  readonly type: string;
  readonly keys: number;
  readonly unknown: number;
  /** The source asked us to stay away. */
  readonly pause: { readonly until: Date; readonly detail: string } | undefined;
}

export interface ShownChannel {
  readonly id: string;
  readonly type: string;
  /** Undefined if it had no alerts of late. */
  readonly health: ChannelHealth | undefined;
}
