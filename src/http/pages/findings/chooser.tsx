import type { Child } from 'hono/jsx';
import type { ReportFinding } from '../../../report/model.ts';
import { shortenText } from '../../../report/safe-text.ts';
import type { Frame } from '../layout/page.tsx';
import { mayChange, PageField } from '../parts/action-button.tsx';
import { OwnForm } from '../parts/own-form.tsx';

/** A form around a list, with what can be done with the chosen ones. */
export function Chooser({ frame, children }: { frame: Frame; children?: Child }) {
  if (!mayChange(frame)) return <>{children}</>;
  return (
    <OwnForm action="/actions/audit" token={frame.formToken}>
      <PageField frame={frame} />
      {children}
      <p class="buttons unprinted">
        With the chosen: <button type="submit">Audit the keys again</button>{' '}
        <button type="submit" formaction="/actions/acknowledge">
          Acknowledge…
        </button>
      </p>
    </OwnForm>
  );
}

/** The head of the boxes; the script shows its box, which chooses all. */
export function ChooseAll() {
  return (
    <th scope="col">
      <span class="aloud">Choose</span>
      <input type="checkbox" data-choose-all="" hidden aria-label="Choose all" />
    </th>
  );
}

export function Choice({ finding }: { finding: ReportFinding }) {
  const { fingerprint, keyName, keyId, rule } = finding;
  const name = shortenText(`Choose ${keyName || keyId}, ${rule}`, 120);
  return (
    <td>
      <input type="checkbox" name="finding" value={fingerprint} aria-label={name} />
    </td>
  );
}
