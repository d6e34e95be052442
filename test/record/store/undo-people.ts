/** Brings the tables back to what they were before people were known and approved waivers. */
export const undoPeople = `
  drop table keysweep.waiver_approval;
  alter table keysweep.sweep drop column approved_waivers;
  alter table keysweep.session drop column subject, drop column mail, drop column login;
  alter table keysweep.audit_record drop column known, drop column subject, drop column mail;
  alter table keysweep.request drop column requested_known, drop column requested_subject,
    drop column requested_mail;
  delete from keysweep.migration where name like '2026-12-09-%';
`;
