import type { Severity } from '../../evaluate/policy/policy.ts';
import { coverageLine } from '../coverage-line.ts';
import { describeEvidence, type EvidenceOfSweep } from '../evidence-of-sweep.ts';
import { inPieces } from '../in-pieces.ts';
import type { ReportSource } from '../model.ts';
import { renderDay } from '../render-instant.ts';
import { withMark } from '../simulated.ts';
import { countReport } from './count-report.ts';
import { Header } from './header.tsx';
import { IdleSection } from './idle-section.tsx';
import { closePage, openPage } from './page.tsx';
import { Patterns } from './patterns.tsx';
import {
  remediesSection,
  unknownsSection,
  violationsSection,
  waivedSection,
  waiversSection,
} from './row-sections.tsx';
import { RulesSection } from './rules-section.tsx';
import { Shown } from './shown.tsx';

/** `severity`: the lowest severity that is listed; the page says when it leaves violations out. */
export interface HtmlOptions {
  readonly severity: Severity;
}

/**
 * Renders a report as one page without scripts or external resources, in pieces. The charts come
 * before the lists, and are of counts, so that memory stays bounded.
 */
export function renderHtml(report: ReportSource, options: HtmlOptions): AsyncIterable<string> {
  return inPieces(renderParts(report, options));
}

async function* renderParts(
  report: ReportSource,
  { severity }: HtmlOptions,
): AsyncIterable<string> {
  const { coverage, sweep } = report;
  const day = withMark(renderDay(sweep.openedAt), sweep.simulated);
  yield openPage(`${coverageLine(coverage)} – key audit of ${day}`);
  yield `${<Header report={report} severity={severity} />}\n${<Contents />}\n`;

  const counts = await countReport(report);
  yield `<main>\n${<Patterns />}\n`;
  yield `${<RulesSection rules={counts.rules} tracked={coverage.tracked} />}\n`;
  yield `${<IdleSection counts={counts} />}\n`;
  yield* violationsSection(report);
  yield* remediesSection(counts.rules);
  yield* waivedSection(report, counts.covered);
  yield* unknownsSection(report);
  yield* waiversSection(report, counts.covered);
  yield `</main>\n${<Footer report={report} />}\n${closePage}`;
}

const contents = [
  ['rules', 'Verdicts by rule'],
  ['idle', 'Idle days'],
  ['violations', 'Violations'],
  ['remedies', 'What to do'],
  ['waived', 'Waived violations'],
  ['unknown', 'Unknown'],
  ['waivers', 'Waivers'],
] as const;

function Contents() {
  return (
    <nav aria-label="Contents">
      <ul>
        {contents.map(([id, title]) => (
          <li>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Footer({ report: { evidence } }: { readonly report: ReportSource }) {
  return (
    <footer>
      {evidence === null ? null : <Evidence evidence={evidence} />}
      <p>
        All times are UTC. Keys that pass are counted here, not listed: the CSV and the JSON of the
        same sweep list every key.
      </p>
    </footer>
  );
}

/** Whoever keeps the page can later show that the log was that long. */
function Evidence({ evidence }: { readonly evidence: EvidenceOfSweep }) {
  return (
    <>
      <p>
        Evidence: <Shown text={describeEvidence(evidence)} />.
      </p>
      {evidence.checkpoint === null ? null : <pre class="checkpoint">{evidence.checkpoint}</pre>}
    </>
  );
}
