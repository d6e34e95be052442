import { chartStyle, palette } from './palette.ts';

/** The page's only style sheet. The page's content policy allows it by its hash. */
export const style = `${palette}${chartStyle}* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
header, nav, main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0.1rem 0 0.3rem; letter-spacing: -0.01em; }
h2 { font-size: 1.3rem; margin: 2.4rem 0 0.4rem; padding-top: 0.6rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1rem; margin: 1.4rem 0 0.4rem; }
p { margin: 0.3rem 0; max-width: 48rem; }
.kicker, .note, small { color: var(--soft); }
.simulated { border: 2px solid; border-radius: .4rem; padding: .4rem .8rem; font-weight: 700; }
.kicker { margin: 0; font-weight: 600; }
small { font-size: 0.85em; display: block; }
code { font: 0.88em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code, bdi, td { overflow-wrap: anywhere; }
a { color: inherit; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; list-style: none; margin: 1rem 0 0; padding: 0; }
.verdicts { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0.7rem; margin: 1.2rem 0; padding: 0; list-style: none; }
.verdicts li { border: 1px solid var(--line); border-left: 6px solid; border-radius: 4px; padding: 0.5rem 0.8rem; }
.verdicts b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.verdicts span { color: var(--ink); }
.is-fail { color: var(--fail); background: var(--tint-fail); }
.is-waived { color: var(--waived); background: var(--tint-waived); }
.is-unknown { color: var(--unknown); background: var(--tint-unknown); }
.is-pass { color: var(--pass); background: var(--tint-pass); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.2rem; margin: 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
.rest { content-visibility: auto; contain-intrinsic-size: auto none auto 700rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.93em; }
.rows { table-layout: fixed; min-width: 46rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.7rem 0.4rem 0; border-bottom: 1px solid var(--line); }
.picture { min-width: 44rem; }
thead th, thead td { font-weight: 600; color: var(--soft); border-bottom: 2px solid var(--line); white-space: nowrap; }
tbody th { font-weight: inherit; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.w1 { width: 12%; } .w2 { width: 18%; } .w3 { width: 28%; } .day { width: 7rem; white-space: nowrap; }
.sev { font-weight: 700; white-space: nowrap; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); }
.low { color: var(--low); } .info { color: var(--info); }
.picture th small { display: inline; padding-left: 0.5rem; }
.bar { width: 16rem; padding-top: 0.62rem; }
.picture svg { display: block; }
figure { margin: 0.8rem 0; }
figcaption { color: var(--soft); font-size: 0.93em; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 0.6rem 0; padding: 0; list-style: none; font-size: 0.93em; }
.legend svg { vertical-align: -2px; margin-right: 0.4rem; }
svg text { fill: var(--ink); font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
svg .soft { fill: var(--soft); }
.hidden { position: absolute; width: 0; height: 0; }
.histogram { width: 100%; max-width: 46rem; height: auto; }
pre.checkpoint { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85em; }
footer { margin-top: 2.5rem; padding-bottom: 2rem; color: var(--soft); font-size: 0.93em; }
@media (max-width: 40rem) { .verdicts { grid-template-columns: repeat(2, 1fr); } }
@media print {
  @page { margin: 15mm 14mm 17mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
  body { font-size: 9.5pt; }
  header, main, footer { max-width: none; padding: 0; }
  nav { display: none; }
  .wide { overflow: visible; }
  .rest { content-visibility: visible; }
  .rows, .picture { min-width: 0; }
  table { font-size: 8.5pt; }
  .bar { width: 11rem; padding-top: 0.5rem; }
  .day { width: 5.2rem; }
  thead { display: table-header-group; }
  tr, figure, .verdicts, .facts { break-inside: avoid; }
  h2, h3, thead, figcaption { break-after: avoid; }
  svg, .verdicts li { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
