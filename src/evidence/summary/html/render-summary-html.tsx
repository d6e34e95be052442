import { closePage, openPage } from '../../../report/html/page.tsx';
import type { Summary } from '../summary.ts';
import { Controls, Policies } from './controls-sections.tsx';
import { FindingsOfControls } from './findings-sections.tsx';
import { Head } from './head.tsx';
import { renderPeriod } from './render-period.ts';
import { Reviews } from './reviews-section.tsx';
import { Sweeps } from './sweeps-list.tsx';
import { Incomplete, Removed, Unheld } from './sweeps-sections.tsx';
import { Waivers } from './waivers-section.tsx';

/**
 * Renders a summary as one page without scripts or external resources. Its links lead to the files of
 * the pack that it lies in.
 */
export function renderSummaryHtml(summary: Summary): string {
  const body = (
    <>
      <Head summary={summary} />
      <main>
        <Controls summary={summary} />
        <Unheld summary={summary} />
        <Incomplete summary={summary} />
        <Removed summary={summary} />
        <Waivers summary={summary} />
        <Reviews summary={summary} />
        <Policies summary={summary} />
        <FindingsOfControls summary={summary} />
        <Sweeps summary={summary} />
      </main>
      <Limits />
    </>
  );
  const title = `Evidence of key audits, ${renderPeriod(summary)}`;
  return `${openPage(title)}${body}\n${closePage}`;
}

function Limits() {
  return (
    <footer>
      <h2>What this does not show</h2>
      <p>
        That the vendor told the truth, that the host was honest when it wrote, that the inventory
        was complete, or anything after the newest checkpoint that a witness signed. Findings that
        neither opened nor closed in the period are counted, not listed. What a review opens or ends
        is counted while it stands, and where a sweep or an acknowledgement ends it. What stands is
        the word of the host at the closing of the newest full sweep.
      </p>
    </footer>
  );
}
