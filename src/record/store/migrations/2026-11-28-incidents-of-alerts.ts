import { type Kysely, type Migration, sql } from 'kysely';

/**
 * `incident`: the one thing that an alert is about, null where there are several. It stood in the
 * rendered bodies of incident channels only, which are the only ones that ask for it.
 */
const keepIncidents = sql`
  alter table keysweep.alert add column incident text;
  update keysweep.alert a set incident = f.fingerprint
  from (
    select alert_id, min(finding_id) as finding_id from keysweep.alert_event
    group by alert_id having count(distinct finding_id) = 1
  ) single join keysweep.finding f on f.id = single.finding_id
  where a.id = single.alert_id;
  update keysweep.alert set incident = substring(body from '"dedup_key":"([^"]*)"')
  where format = 'pagerduty';
  create index alert_incident on keysweep.alert (incident) where incident is not null;
`;

export const incidentsOfAlerts: Migration = {
  async up(db: Kysely<unknown>) {
    await keepIncidents.execute(db);
  },
};
