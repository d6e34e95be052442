import type { Frame } from '../layout/page.tsx';
import { PageField } from '../parts/action-button.tsx';
import { OwnForm } from '../parts/own-form.tsx';
import { spans } from './spans.ts';

interface BacktestFormProps {
  readonly frame: Frame;
  /** What the field begins with. */
  readonly policy: string;
  readonly span: string;
  readonly button: string;
}

/** A longer policy would make the page slow; its author has it in a file. */
const mostCharacters = 20_000;

/** Takes a policy as a file or as text. */
export function BacktestForm({ frame, policy, span, button }: BacktestFormProps) {
  const isShort = policy.length <= mostCharacters;
  return (
    <OwnForm action="/actions/backtest" token={frame.formToken} takesFiles>
      <PageField frame={frame} />
      <p>
        <label class="wide-field">
          <span>The policy{isShort ? null : ' (its text is too long to be shown here)'}</span>
          <textarea name="policy" class="code" rows={12} spellcheck={false} wrap="off">
            {isShort ? policy : ''}
          </textarea>
        </label>
      </p>
      <p>
        <label class="wide-field">
          <span>Or its file, up to 1 MB, which counts before the text</span>
          <input type="file" name="file" accept=".yaml,.yml,.json" />
        </label>
      </p>
      <p>
        <label class="wide-field">
          <span>Judge again</span>
          <select name="sweeps">
            {spans.map(([value, words]) => (
              <option value={value} selected={value === span}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </p>
      <p class="buttons">
        <button type="submit">{button}</button>
      </p>
    </OwnForm>
  );
}
