import { checkDefaults, defaultSuccesses } from '../check-defaults';
import type { Problem } from '../diagnostic';
import { didYouMean } from '../nearest-name';
import type { Part } from '../part';
import { quote } from '../quote';
import { jsonKinds, probeKinds } from '../schema/check';

interface PlacedCheck {
  readonly check: Part;
  /** Absent for an integrity check, which belongs to no workload. */
  readonly workload?: Part;
}

export function allChecks(runbook: Part): PlacedCheck[] {
  const workloads = runbook.at('workloads').items;
  return [
    ...workloads.flatMap((workload) => workload.at('checks').items.map((check) => ({ check, workload }))),
    ...runbook.at('integrity').items.map((check) => ({ check })),
  ];
}

export function* checkKinds(runbook: Part): Iterable<Problem> {
  for (const { check } of allChecks(runbook)) yield* exactlyOne(check, probeKinds);
}

/** A map that chooses its kind by the one key that it has. */
export function* exactlyOne(part: Part, kinds: readonly string[]): Iterable<Problem> {
  if (!part.isMap) return;
  const [first, second] = part.keys.filter((key) => kinds.includes(key));
  const possible = kinds.join(', ');
  if (first === undefined) yield part.problem('CheckKind', `one of these is missing: ${possible}`);
  if (second === undefined || first === undefined) return;
  const message = `only one of these may be here: ${possible}; there is ${quote(first)} already`;
  yield part.at(second).problem('CheckKind', message, { at: 'key', first: part.at(first).path });
}

/** The port of a check is that of its workload unless given; where there is none, it must be given. */
export function* checkPorts(runbook: Part): Iterable<Problem> {
  for (const { check, workload } of allChecks(runbook)) {
    if (workload?.at('local').at('port').present === true) continue;
    for (const probe of [check.at('http'), check.at('tcp')]) {
      if (!probe.isMap || probe.at('port').present) continue;
      yield probe.problem('MissingKey', 'the key "port" is missing: there is no port of a workload to take');
    }
  }
}

/** The passes in a row need the pauses between them: with less time than that a check fails, however healthy its workload. */
export function* checkTimes(runbook: Part): Iterable<Problem> {
  for (const { check } of allChecks(runbook)) {
    const interval = check.at('interval').ms ?? checkDefaults.intervalMs;
    const within = check.at('within').ms ?? checkDefaults.withinMs;
    const pauses = (check.at('successes').number ?? defaultSuccesses(interval, within)) - 1;
    const steady = check.at('steady').ms ?? 0;
    const needed = pauses * interval;
    if (Math.max(needed, steady) < within) continue;
    const keys = steady < within ? ['within', 'successes', 'interval'] : ['steady'];
    const place = keys.map((key) => check.at(key)).find((part) => part.present) ?? check;
    const what =
      steady < within ? `${pauses + 1} passes need pauses of ${needed} ms in all` : `passes for ${steady} ms in a row`;
    yield place.problem('CheckNeverPasses', `${what}, but must be done within ${within} ms`);
  }
}

/** An expectation of JSON chooses its kind by the one key that it has, like a check. */
export function* jsonExpectations(runbook: Part): Iterable<Problem> {
  for (const { check } of allChecks(runbook)) {
    for (const expectation of check.at('http').at('json').items) yield* exactlyOne(expectation, jsonKinds);
  }
}

const placeholderNames = ['site', 'epoch', 'nonce'];

/** `${...}` in what a check expects. What is to come back must have been sent. */
export function* placeholders(runbook: Part): Iterable<Problem> {
  for (const { check } of allChecks(runbook)) {
    const http = check.at('http');
    const isSent = (http.at('path').text ?? '').includes('${nonce}');
    for (const part of expectedTexts(http)) {
      for (const [whole, name = ''] of (part.text ?? '').matchAll(/\$\{([^{}]{0,60})\}/g)) {
        if (placeholderNames.includes(name) && (name !== 'nonce' || isSent)) continue;
        const message =
          name === 'nonce'
            ? `the placeholder ${quote(whole)} comes back only when \`path\` has it as well`
            : `the placeholder ${quote(whole)} is not known${didYouMean(name, placeholderNames)}`;
        yield part.problem('UnknownPlaceholder', message);
      }
    }
  }
}

function expectedTexts(http: Part): readonly Part[] {
  const headers = http.at('headers');
  return [
    http.at('bodyContains'),
    ...headers.keys.map((key) => headers.at(key)),
    ...http.at('json').items.map((expectation) => expectation.at('equals')),
  ];
}
