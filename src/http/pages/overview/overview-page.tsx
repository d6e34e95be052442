import { type Frame, renderFramed } from '../layout/page.tsx';
import { ChangesPanel } from './changes-panel.tsx';
import { FleetPanel } from './fleet-panel.tsx';
import { ChannelsPanel, SchedulesPanel, SourcesPanel } from './health-panels.tsx';
import { NightsPanel } from './nights-panel.tsx';
import { OpenPanel } from './open-panel.tsx';
import { OverviewHead } from './overview-head.tsx';
import type { OverviewModel } from './overview-model.ts';

export function renderOverview(frame: Frame, model: OverviewModel): string {
  return renderFramed({
    frame,
    title: 'Overview',
    current: '/',
    children: (
      <>
        <OverviewHead model={model} frame={frame} />
        <div class="panels">
          <ChangesPanel changes={model.changes} hasSweep={model.last !== undefined} />
          <div class="third stack">
            <OpenPanel open={model.open} />
            <SchedulesPanel schedules={model.schedules} now={model.now} />
          </div>
          <NightsPanel nights={model.nights} timezone={model.timezone} />
          <FleetPanel fleet={model.fleet} now={model.now} last={model.last} />
          <SourcesPanel sources={model.sources} />
          <ChannelsPanel channels={model.channels} now={model.now} />
        </div>
      </>
    ),
  });
}
