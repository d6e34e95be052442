/** The colours of verdicts and severities, light and dark by the system; reports and pages share them. */
export const palette = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --band: #f6f8fa;
  --fail: #b3261e; --waived: #3f51b5; --unknown: #8a5300; --pass: #1a6b34;
  --tint-fail: #fdeceb; --tint-waived: #e8eaf8; --tint-unknown: #fdf1dd; --tint-pass: #e3f2e7;
  --critical: #8c1d18; --high: #b3261e; --medium: #8a5300; --low: #1f5fa8; --info: #57606a;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171c; --ink: #e6e9ee; --soft: #a3adb9; --line: #343b45; --band: #1c2128;
    --fail: #ff8f85; --waived: #aab6ff; --unknown: #ffc266; --pass: #82d99a;
    --tint-fail: #3b1c1b; --tint-waived: #23284a; --tint-unknown: #3a2b12; --tint-pass: #17321f;
    --critical: #ffb3ab; --high: #ff8f85; --medium: #ffc266; --low: #8fc4ff; --info: #a3adb9;
  }
}
`;

/** The fills and lines of charts. */
export const chartStyle = `.fill-fail { fill: var(--fail); }
.fill-waived { fill: var(--tint-waived); } .fill-unknown { fill: var(--tint-unknown); }
.fill-pass { fill: var(--tint-pass); }
.line-waived { stroke: var(--waived); } .dot-unknown { fill: var(--unknown); }
.edge { fill: none; stroke: var(--soft); }
.fill-idle { fill: var(--low); } .fill-apart { fill: var(--soft); }
.axis { stroke: var(--soft); }
`;
