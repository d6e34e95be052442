import type { Severity } from '../../../evaluate/policy/policy.ts';
import { checkpointHeading } from '../describe.ts';
import type { Letter, LetterEntry, LetterFact, LetterSection } from './letter.ts';

/*
 * Mail programs drop style sheets and know few properties: a table, and styles on the elements that
 * hold text. Text and ground have no colour of their own, so that dark programs choose both; what
 * has one is legible on white and on near black. Nothing is fetched. Only addresses of our own are
 * links.
 */
const font = 'font-family:Segoe UI,Helvetica,Arial,sans-serif';
const cell = `${font};font-size:14px;line-height:20px;padding:10px 0;border-top:1px solid #bbb;overflow-wrap:anywhere`;
/** Programs that do not support it show the text at full strength. */
const soft = 'opacity:.8';

/** Backgrounds for white text. */
const grounds: Readonly<Record<Severity, string>> = {
  critical: '#8c1d40',
  high: '#b3261e',
  medium: '#8a5a00',
  low: '#2f5d8a',
  info: '#5f6368',
};

/**
 * Renders the letter as HTML, in a way that keeps mail programs from linking numbers and addresses.
 */
export function renderPage(letter: Letter): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>{letter.subject}</title>
      </head>
      <body style="margin:0;padding:16px">
        <table
          role="presentation"
          cellpadding="0"
          cellspacing="0"
          width="100%"
          style="max-width:640px;margin:0 auto;border-collapse:collapse"
        >
          <Head letter={letter} />
          {letter.sections.map((section) => (
            <Section section={section} />
          ))}
          <Notes notes={letter.notes} />
          <Checkpoint checkpoint={letter.checkpoint} />
        </table>
      </body>
    </html>
  );
  return `<!doctype html>\n${page}\n`;
}

function Head({ letter: { heading, lines } }: { letter: Letter }) {
  return (
    <tr>
      <td style={`${font};font-size:14px;line-height:20px;padding:0 0 8px`}>
        <h1 style={`${font};font-size:18px;line-height:24px;margin:0 0 8px`}>{heading}</h1>
        {lines.map((line) => (
          <div>{line}</div>
        ))}
      </td>
    </tr>
  );
}

function Section({ section: { title, entries } }: { section: LetterSection }) {
  return (
    <>
      <tr>
        <td style="padding:16px 0 6px">
          <h2 style={`${font};font-size:16px;line-height:22px;margin:0`}>{title}</h2>
        </td>
      </tr>
      {entries.map((entry) => (
        <Entry entry={entry} />
      ))}
    </>
  );
}

function Entry({ entry: { severity, title, message, facts } }: { entry: LetterEntry }) {
  return (
    <tr>
      <td style={cell}>
        {severity === null ? null : <Chip severity={severity} />}
        <b>{title}</b>
        <br />
        <bdi>{message}</bdi>
        <div style={`font-size:13px;${soft}`}>
          {facts.map((fact, at) => (
            <Fact fact={fact} first={at === 0} />
          ))}
        </div>
      </td>
    </tr>
  );
}

function Chip({ severity }: { severity: Severity }) {
  const ground = grounds[severity];
  return (
    <>
      <span style={`background:${ground};color:#fff;font-size:12px;padding:1px 6px`}>
        {severity}
      </span>{' '}
    </>
  );
}

/** Kept small: the HTML of a hundred findings must stay below Gmail's limit. */
function Fact({ fact: { label, ...fact }, first }: { fact: LetterFact; first: boolean }) {
  return (
    <>
      {first ? null : <br />}
      {label}: <Value {...fact} />
    </>
  );
}

function Value({ value, exact, link }: Omit<LetterFact, 'label'>) {
  if (link) return <a href={value}>{value}</a>;
  return exact ? <code>{value}</code> : <bdi>{value}</bdi>;
}

function Checkpoint({ checkpoint }: { checkpoint: string | undefined }) {
  if (checkpoint === undefined) return null;
  return (
    <tr>
      <td style={`${cell};${soft};font-size:12px`}>
        <div>{checkpointHeading}</div>
        <pre style="font-size:11px;line-height:16px;margin:4px 0 0;white-space:pre-wrap">
          {checkpoint}
        </pre>
      </td>
    </tr>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <tr>
      <td style={`${cell};${soft};font-size:12px`}>
        {notes.map((note) => (
          <div>{note}</div>
        ))}
      </td>
    </tr>
  );
}
