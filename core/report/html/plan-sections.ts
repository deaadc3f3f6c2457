import { toldByTables } from '../figures/timeline';
import type { Report } from '../report';
import { code, element, folded, instant, list, section, strong, table, type Content } from './elements';

export const prechecksSection = ({ prechecks }: Report): Content =>
  section(
    'prechecks',
    'Prechecks',
    table(
      ['Precheck', 'Result', 'Subject', 'Saw', 'Because'],
      prechecks.map(({ code: name, severity, subject, saw, because }) => [
        ...[code(name), severity === 'ok' ? '✓ ok' : strong(severity === 'error' ? '✗ error' : '! warning')],
        ...[subject, saw, because],
      ]),
    ),
  );

export function planSection({ plan }: Report): Content {
  if (!plan) return section('plan', 'Plan', 'The run ended before it had a plan.');
  const { from, to, rollback } = plan.epochs;
  return section(
    'plan',
    'Plan',
    list([
      ['hash ', code(plan.hash)],
      ['runbook ', code(plan.runbookDigest), `: ${plan.description}`],
      [`${plan.steps} steps; commit step `, code(plan.commitStep)],
      `epochs: ${from} before, ${to} after, ${rollback} after a rollback`,
    ]),
  );
}

export const versionsSection = ({ versions = {}, webUi }: Report): Content =>
  section(
    'versions',
    'Run by',
    table(
      ['What', 'Version'],
      Object.entries(versions).map(([name, version]) => [name, code(version)]),
    ),
    webUi !== undefined &&
      isWebAddress(webUi) &&
      element('p', {}, element('a', { href: webUi }, 'This run in the Temporal Web UI')),
  );

/** Anything else could be a program. */
const isWebAddress = (text: string): boolean => /^https?:\/\//.test(text);

const MAX_ENTRIES = 400;

/** What people follow, in words; begins and ends of single steps are in the table of steps. */
export function eventsSection({ timeline }: Report): Content {
  const told = timeline.filter(({ kind }) => !toldByTables.includes(kind));
  const more = told.length - MAX_ENTRIES;
  return section(
    'events',
    'Events',
    folded(
      `${told.length} events`,
      table(
        ['When (UTC)', 'What'],
        told.slice(0, MAX_ENTRIES).map(({ at, what }) => [instant(at), what]),
      ),
      more > 0 ? element('p', {}, `${more} more events are in the JSON of this report.`) : null,
    ),
  );
}

export const footer = ({ run, schemaVersion, evidence }: Report): Content =>
  element(
    'footer',
    {},
    ...['Run ', code(run.workflowId), ', run id ', code(run.runId), `, report schema ${schemaVersion}. `],
    ...(evidence
      ? [`Kept as entry ${evidence.sequence + 1} of the evidence of the group, after `, code(evidence.hash), '. ']
      : []),
    'Every figure is computed from the recorded events of the run; the same report is there as Markdown and as JSON.',
  );
