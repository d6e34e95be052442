import type { Migration } from 'kysely';
import { firstTables } from './2026-11-23-first-tables.ts';
import { pendingInBatches } from './2026-11-23-pending-in-batches.ts';
import { rememberHistory } from './2026-11-23-remember-history.ts';
import { tellInOrder } from './2026-11-23-tell-in-order.ts';
import { fieldsOfUnknowns } from './2026-11-28-fields-of-unknowns.ts';
import { incidentsOfAlerts } from './2026-11-28-incidents-of-alerts.ts';
import { outagesOfOutbox } from './2026-11-28-outages-of-outbox.ts';
import { stoppedSweeps } from './2026-11-28-stopped-sweeps.ts';
import { ticksInRuns } from './2026-11-28-ticks-in-runs.ts';
import { unusedFiles } from './2026-11-28-unused-files.ts';
import { waitsOfSources } from './2026-11-29-waits-of-sources.ts';
import { whoAsked } from './2026-11-29-who-asked.ts';
import { simulatedSweeps } from './2026-11-30-simulated-sweeps.ts';
import { watchedFigures } from './2026-11-30-watched-figures.ts';
import { fleetGroups } from './2026-12-01-fleet-groups.ts';
import { listedPages } from './2026-12-01-listed-pages.ts';
import { keptSessions } from './2026-12-01-sessions.ts';
import { findingsByAge } from './2026-12-02-findings-by-age.ts';
import { typesOfKeys } from './2026-12-03-types-of-keys.ts';
import { askersOfChanges } from './2026-12-04-askers-of-changes.ts';
import { textsOfKeys } from './2026-12-04-texts-of-keys.ts';
import { permitsOfSources } from './2026-12-05-permits-of-sources.ts';
import { packedBatches } from './2026-12-06-packs.ts';
import { evidenceLog } from './2026-12-07-evidence-log.ts';
import { accessReviews } from './2026-12-08-reviews.ts';
import { namedPeople } from './2026-12-09-named-people.ts';
import { waiverApprovals } from './2026-12-09-waiver-approvals.ts';
import { changesOfKeys } from './2026-12-10-changes-of-keys.ts';
import { lz4OfObjects } from './2026-12-10-lz4-of-objects.ts';
import { roomOfFindings } from './2026-12-10-room-of-findings.ts';
import { sightingsOfFindings } from './2026-12-10-sightings-of-findings.ts';

/** Forward only, in the order of their names. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-23-first-tables': firstTables,
  '2026-11-23-pending-in-batches': pendingInBatches,
  '2026-11-23-remember-history': rememberHistory,
  '2026-11-23-tell-in-order': tellInOrder,
  '2026-11-28-fields-of-unknowns': fieldsOfUnknowns,
  '2026-11-28-incidents-of-alerts': incidentsOfAlerts,
  '2026-11-28-outages-of-outbox': outagesOfOutbox,
  '2026-11-28-stopped-sweeps': stoppedSweeps,
  '2026-11-28-ticks-in-runs': ticksInRuns,
  '2026-11-28-unused-files': unusedFiles,
  '2026-11-29-waits-of-sources': waitsOfSources,
  '2026-11-29-who-asked': whoAsked,
  '2026-11-30-simulated-sweeps': simulatedSweeps,
  '2026-11-30-watched-figures': watchedFigures,
  '2026-12-01-fleet-groups': fleetGroups,
  '2026-12-01-listed-pages': listedPages,
  '2026-12-01-sessions': keptSessions,
  '2026-12-02-findings-by-age': findingsByAge,
  '2026-12-03-types-of-keys': typesOfKeys,
  '2026-12-04-askers-of-changes': askersOfChanges,
  '2026-12-04-texts-of-keys': textsOfKeys,
  '2026-12-05-permits-of-sources': permitsOfSources,
  '2026-12-06-packs': packedBatches,
  '2026-12-07-evidence-log': evidenceLog,
  '2026-12-08-reviews': accessReviews,
  '2026-12-09-named-people': namedPeople,
  '2026-12-09-waiver-approvals': waiverApprovals,
  '2026-12-10-changes-of-keys': changesOfKeys,
  '2026-12-10-lz4-of-objects': lz4OfObjects,
  '2026-12-10-room-of-findings': roomOfFindings,
  '2026-12-10-sightings-of-findings': sightingsOfFindings,
};
