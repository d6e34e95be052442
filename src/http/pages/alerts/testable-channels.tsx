import type { ChannelTest } from '../../../alert/try-channel.ts';
import { Shown } from '../../../report/html/shown.tsx';
import type { Frame } from '../layout/page.tsx';
import { ActionButton } from '../parts/action-button.tsx';

/** A channel of the configuration. */
export interface ListedChannel {
  readonly id: string;
  readonly type: string;
  /** What to know before a test. */
  readonly note: string | undefined;
}

interface TestableProps {
  readonly channels: readonly ListedChannel[];
  readonly frame: Frame;
}

/** The channels; operators can send a test message to each. */
export function TestableChannels({ channels, frame }: TestableProps) {
  return (
    <section class="panel" aria-labelledby="channels">
      <h2 id="channels">Channels</h2>
      <ul class="rows">
        {channels.map(({ id, type, note }) => (
          <li class="channel">
            <span>
              <Shown text={id} most={80} />
              <small>
                <Shown text={note === undefined ? type : `${type}; ${note}`} />
              </small>
            </span>
            <ActionButton
              frame={frame}
              action="/actions/test-channel"
              fields={{ channel: id }}
              words="Send a test"
              to={id}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What came of a test message. */
export function TestNotice({ tested: { channel, type, ms, problem } }: { tested: ChannelTest }) {
  if (problem !== null) {
    return (
      <p class="notice is-unknown" role="alert">
        The test message was <Shown text={problem} most={1_000} />.
      </p>
    );
  }
  return (
    <p class="notice" role="status">
      The test message was delivered to <Shown text={channel} most={80} /> (<Shown text={type} />)
      in {(ms / 1_000).toFixed(1)} s.
    </p>
  );
}
