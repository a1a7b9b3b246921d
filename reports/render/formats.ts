import type { Gate } from '../gate/gate.ts';
import type { Report } from '../report.ts';
import { renderBadge } from './badge.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html.ts';
import type { HtmlExtras } from './html-extras.ts';
import { renderIssues } from './issues.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif } from './sarif.ts';
import { renderTable } from './table.ts';
import { renderTerminal } from './terminal.ts';

/** A way to write a report: a pure function of the report and the decision. */
export interface Format {
  /** Name of the file, within the folder that the user gave. */
  readonly file: string;
  readonly about: string;
  /** `extras` are shown by the page alone. */
  render(report: Report, gate: Gate, extras?: HtmlExtras): string;
}

/** Every format by its name in `--format`. To add one, write its renderer and its line here. */
export const FORMATS: Readonly<Record<string, Format>> = {
  md: { file: 'report.md', about: 'Markdown for a pull request or a job summary', render: renderMarkdown },
  table: { file: 'RESULTS.md', about: 'Markdown for a page that is kept: targets × areas', render: renderTable },
  html: { file: 'report.html', about: 'one HTML file that needs no network', render: renderHtml },
  junit: { file: 'junit.xml', about: 'JUnit XML', render: renderJunit },
  sarif: { file: 'report.sarif', about: "SARIF 2.1.0 for GitHub's code scanning", render: renderSarif },
  json: { file: 'report.json', about: 'the decision and everything it was made from', render: renderJson },
  github: { file: 'annotations.txt', about: 'workflow commands for GitHub Actions', render: renderGithub },
  badge: { file: 'badge.json', about: 'JSON for a badge of shields.io', render: renderBadge },
  issues: { file: 'issues.ndjson', about: 'an issue for each new crash, a JSON object a line', render: renderIssues },
  text: {
    file: 'report.txt',
    about: 'what the terminal shows',
    render: (report, gate) => renderTerminal(report, gate, { color: false }),
  },
};
