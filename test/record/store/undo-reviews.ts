/** Brings the tables back to what they were before there were access reviews. */
export const undoReviews = `
  drop table keysweep.review_schedule, keysweep.review_notice, keysweep.review_decision,
    keysweep.review_key, keysweep.review_link, keysweep.review_sheet, keysweep.review;
  delete from keysweep.migration where name = '2026-12-08-reviews';
`;
