import { isPlainAbsolute } from '../../model/allowed-command';
import { operationNames, type Operation } from '../../model/operation';
import type { Problem } from '../diagnostic';
import { didYouMean } from '../nearest-name';
import type { Part } from '../part';
import { quote } from '../quote';
import { actionKinds, hookKinds, moments } from '../schema/added-step';
import { MOST_ADDED_STEPS } from '../schema/operation';
import { exactlyOne } from './checks';
import { declaredNames } from './references';

interface PlacedStep {
  readonly operation: Operation;
  readonly policy: Part;
  readonly step: Part;
  readonly moment: string;
  readonly place: Part;
}

/** The steps that the runbook adds to an operation. */
export const addedSteps = (policy: Part): readonly Part[] => policy.at('steps').items.slice(0, MOST_ADDED_STEPS);

export const allAddedSteps = (runbook: Part): readonly Part[] =>
  operationNames.flatMap((operation) => addedSteps(runbook.at('operations').at(operation)));

const placed = (runbook: Part): readonly PlacedStep[] =>
  operationNames.flatMap((operation) => {
    const policy = runbook.at('operations').at(operation);
    return addedSteps(policy).flatMap((step) => {
      const moment = moments.find((one) => step.at(one).isMap);
      return moment === undefined ? [] : [{ operation, policy, step, moment, place: step.at(moment) }];
    });
  });

export function* addedStepKinds(runbook: Part): Iterable<Problem> {
  for (const step of allAddedSteps(runbook)) {
    yield* exactlyOne(step, moments);
    yield* exactlyOne(step, actionKinds);
    yield* exactlyOne(step.at('inverse'), hookKinds);
    for (const moment of moments) yield* exactlyOneAtMost(step.at(moment));
    for (const hook of [step, step.at('inverse')]) yield* hookProblems(hook);
  }
}

function* exactlyOneAtMost(place: Part): Iterable<Problem> {
  if (place.at('priority').present && place.at('workload').present) yield* exactlyOne(place, ['priority', 'workload']);
}

export function* programOf(command: Part): Iterable<Problem> {
  const [program] = command.items;
  if (program?.text === undefined || isPlainAbsolute(program.text)) return;
  const message = `${quote(program.text)} is not the absolute path of a program; the worker looks it up in no PATH`;
  yield program.problem('InvalidCommand', message);
}

const MOST_WEBHOOK_MS = 60_000;

function* hookProblems(hook: Part): Iterable<Problem> {
  yield* programOf(hook.at('command'));
  const timeout = hook.at('timeout');
  if (hook.at('manual').present && timeout.present) {
    yield timeout.problem('UnknownKey', 'a manual step has no timeout but a time limit: `within`', { at: 'key' });
  }
  if (hook.at('webhook').present && (timeout.ms ?? 0) > MOST_WEBHOOK_MS) {
    yield timeout.problem('InvalidDuration', 'one try of a webhook may take at most 1m');
  }
}

/** Places that no plan of the operation has, or not in every mode, and inverses that no rollback reaches. */
export function* addedStepPlaces(runbook: Part): Iterable<Problem> {
  for (const one of placed(runbook)) {
    const { operation, step, moment, place } = one;
    const mode = step.at('mode');
    if (operation !== 'failover' && mode.present) {
      const message = `${operation} is always planned; only a step of failover has a mode`;
      yield mode.problem('ModeNotAllowed', message, { at: 'key' });
    }
    const phase = place.at('phase');
    const because = phase.text === undefined ? undefined : whyNot(runbook, one, phase.text);
    if (because !== undefined) yield phase.problem('StepNeverRuns', because);
    else yield* partOfPhase(runbook, one);
    const late = ['replicate', 'finish'].includes(phase.text ?? '') || (phase.text === 'commit' && moment === 'after');
    if (late && step.at('inverse').present) {
      const message = 'after the commit point nothing is rolled back: the inverse would never run';
      yield step.at('inverse').problem('StepNeverRuns', message, { at: 'key' });
    }
  }
}

const phasesOf: Readonly<Record<Operation, readonly string[]>> = {
  failover: ['prepare', 'stop', 'data', 'start', 'traffic', 'commit', 'finish'],
  reprotect: ['stop', 'data', 'commit', 'replicate'],
  failback: ['prepare', 'stop', 'data', 'start', 'traffic', 'commit', 'replicate', 'finish'],
  // Its schema takes no steps: what a hook does is not known to stay within the copy.
  drill: [],
};

function whyNot(runbook: Part, { operation, step }: PlacedStep, phase: string): string | undefined {
  const phases = phasesOf[operation];
  const mode = step.at('mode').text;
  const records = runbook.at('traffic').items.length > 0;
  const planned = operation !== 'failover' || mode === 'planned';
  if (!phases.includes(phase)) return `${operation} has no phase ${quote(phase)}; it has ${phases.join(', ')}`;
  if (phase === 'stop' && !planned) return 'an unplanned failover stops nothing; write `mode: planned` for this step';
  const integrity = planned && runbook.at('integrity').items.length > 0;
  const needsRecords = phase === 'finish' || (phase === 'traffic' && !integrity);
  return needsRecords && !records ? `without records in \`traffic\` there is no phase ${quote(phase)}` : undefined;
}

const orderOf: Readonly<Record<string, string>> = { stop: 'stopOrder', start: 'startOrder' };

function* partOfPhase(runbook: Part, { policy, place }: PlacedStep): Iterable<Problem> {
  const workloads = runbook.at('workloads').items;
  const order = orderOf[place.at('phase').text ?? ''];
  const [priority, workload] = [place.at('priority'), place.at('workload')];
  for (const part of [priority, workload].filter(({ present }) => present)) {
    if (order === undefined) {
      yield part.problem('StepNeverRuns', 'only the phases stop and start have parts', { at: 'key' });
    }
  }
  if (order === undefined) return;
  const priorities = workloads.map((one) => (one.at('priority').present ? one.at('priority').number : 1));
  if (priority.present && policy.at(order).present) {
    const message = `\`${order}\` takes the place of priorities here; name a workload instead`;
    yield priority.problem('StepNeverRuns', message, { at: 'key' });
  } else if (priority.number !== undefined && !priorities.includes(priority.number)) {
    yield priority.problem('StepNeverRuns', `no workload has the priority ${priority.number}`);
  }
  const names = declaredNames(workloads);
  if (workload.text !== undefined && !names.includes(workload.text)) {
    const message = `workload ${quote(workload.text)} is not declared${didYouMean(workload.text, names)}`;
    yield workload.problem('UnknownWorkload', message);
  }
}

export function* addedStepSites(runbook: Part): Iterable<Problem> {
  const names = ['primary', 'recovery'].flatMap((role) => [role, runbook.at('sites').at(role).at('name').text ?? []]);
  for (const step of allAddedSteps(runbook)) {
    const site = step.at('site');
    if (site.text === undefined) continue;
    if (!names.flat().includes(site.text)) {
      const message = `site ${quote(site.text)} is not declared${didYouMean(site.text, names.flat())}`;
      yield site.problem('UnknownSite', message);
    } else if (!step.at('command').present && !step.at('inverse').at('command').present) {
      yield site.problem('UnknownKey', 'only a command runs at a site', { at: 'key' });
    }
  }
}
