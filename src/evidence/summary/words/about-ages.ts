/** What the longest time of a control counts. */
export const aboutAges =
  'The days of what is open count from when it was first seen, also where it was closed in between.';
