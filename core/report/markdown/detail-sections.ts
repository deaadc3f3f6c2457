import { toldByTables } from '../figures/timeline';
import { leftLines } from '../../running/left-as';
import { factsText } from '../facts-text';
import type { Report, TimelineEntry } from '../report';
import { durationText } from './duration-text';
import { blocks, code, join, list, safe, nothing, section, table, type Markdown } from './markdown';

const MAX_ENTRIES = 200;

/** What people follow: begins and ends of single steps are in the table of steps. */
export function timelineSection({ timeline, segments }: Report): Markdown {
  const told: Pick<TimelineEntry, 'at' | 'what'>[] = [
    ...timeline.filter(({ kind }) => !toldByTables.includes(kind)),
    ...segments.flatMap(({ title, finishedAt, seconds }) =>
      finishedAt ? [{ at: finishedAt, what: `${title}: complete after ${durationText(seconds ?? 0)}` }] : [],
    ),
  ];
  const entries = told.sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
  const shown = entries.length > MAX_ENTRIES ? [...entries.slice(0, MAX_ENTRIES - 20), ...entries.slice(-20)] : entries;
  const folded = entries.length - shown.length;
  return section(
    'Timeline',
    table(
      ['When', 'What'],
      shown.map(({ at, what }) => [safe`${at}`, safe`${what}`]),
    ),
    folded > 0 ? safe`${folded} entries in between are in the JSON of this report.` : nothing,
  );
}

/** Where a person begins who goes on by hand. */
export function leftSection({ left }: Report): Markdown {
  if (!left) return nothing;
  return section(
    'What runs where',
    safe`As seen at ${left.observedAt}.`,
    list(leftLines(left).map((line) => safe`${line}`)),
  );
}

export function peopleSection({ gates, decisions, messages, refusedMessages }: Report): Markdown {
  const gateRows = gates.map((gate) => [
    code(gate.gate),
    safe`${gate.prompt}`,
    safe`**${gate.outcome}**${gate.saw ? safe`: ${gate.saw}` : nothing}`,
    safe`${gate.openedAt}`,
    safe`${gate.seconds === undefined ? '–' : durationText(gate.seconds)}`,
  ]);
  const decisionRows = decisions.map(({ gate, by, decision, comment, evidence, at, via, signed, facts }) => [
    safe`${at}`,
    code(gate),
    code(by),
    safe`**${decision}**`,
    safe`${comment ?? '–'}${evidence === undefined ? nothing : safe`; evidence: ${evidence}`}`,
    safe`${via}`,
    signed ? safe`signed, key ${code(signed.keyId)}` : safe`claimed`,
    facts ? safe`${factsText(facts)}` : safe`–`,
  ]);
  const messageRows = [
    ...messages.map(({ at, name, by, reason }) => [safe`${at}`, code(name), code(by), safe`${reason ?? '–'}`]),
    ...refusedMessages.map(({ at, name, because }) => [
      safe`${at}`,
      code(name),
      safe`–`,
      safe`**refused**: ${because}`,
    ]),
  ];
  return section(
    'Gates and decisions',
    table(['Gate', 'Prompt', 'Outcome', 'Opened', 'Open for'], gateRows),
    table(['When', 'Gate', 'Who', 'Decision', 'Comment', 'Via', 'Identity', 'Facts shown'], decisionRows),
    table(['When', 'Message', 'Who', 'Why'], messageRows),
  );
}

export function dataSection({ dataLoss, recoveryPoints }: Report): Markdown {
  const proofRows = dataLoss.proofs.map((proof) => [
    code(proof.volume),
    proof.equal ? safe`equal` : safe`**different**`,
    safe`${proof.files} files, ${proof.bytes} bytes`,
    proof.equal ? code(proof.sourceDigest) : join([code(proof.sourceDigest), code(proof.targetDigest)], ' / '),
    safe`${proof.comparedAt}`,
  ]);
  const lossRows = dataLoss.volumes.map((loss) => [
    code(loss.volume),
    code(loss.point),
    safe`${loss.asOf}`,
    safe`${loss.epoch}`,
    safe`${loss.records ?? '–'}`,
    safe`${loss.what}${loss.restored || dataLoss.status === 'not-applicable' ? '' : ' (not restored yet)'}`,
  ]);
  const superseded = new Set(dataLoss.superseded.map(({ id }) => id));
  const pointRows = recoveryPoints.map((point) => [
    code(point.id),
    code(point.volume),
    code(point.site),
    safe`${point.epoch}`,
    safe`${point.asOf}`,
    safe`${point.records ?? '–'}`,
    safe`${superseded.has(point.id) ? 'what the old active site held' : (point.reason ?? point.consistency)}`,
  ]);
  return section(
    'Data',
    table(['Volume', 'Both sides', 'Compared', 'SHA-256', 'When'], proofRows),
    table(['Volume', 'Recovery point', 'As of', 'Epoch', 'Records', 'Loss'], lossRows),
    table(['Recovery point', 'Volume', 'Site', 'Epoch', 'As of', 'Records', 'Kept for'], pointRows),
  );
}

export function planSection({ prechecks, plan }: Report): Markdown {
  const rows = prechecks.map(({ code: name, severity, subject, saw, because }) => [
    code(name),
    severity === 'ok' ? safe`ok` : safe`**${severity}**`,
    code(subject),
    safe`${saw}`,
    safe`${because}`,
  ]);
  const checks = section('Prechecks', table(['Precheck', 'Result', 'Subject', 'Saw', 'Because'], rows));
  if (!plan) return blocks([checks, section('Plan', safe`The run ended before it had a plan.`)]);
  const { from, to, rollback } = plan.epochs;
  const facts = list([
    safe`hash ${code(plan.hash)}`,
    safe`runbook ${code(plan.runbookDigest)}: ${plan.description}`,
    safe`${plan.steps} steps; commit step ${code(plan.commitStep)}`,
    safe`epochs: ${from} before, ${to} after, ${rollback} after a rollback`,
  ]);
  return blocks([checks, section('Plan', facts)]);
}
