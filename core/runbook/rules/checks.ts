import type { Problem } from '../diagnostic';
import { didYouMean } from '../nearest-name';
import type { Part } from '../part';
import { quote } from '../quote';
import { probeKinds } from '../schema/check';

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

const defaults = { interval: 500, within: 60_000, successes: 2 } as const;

/** The passes in a row need the pauses between them: with less time than that a check fails, however healthy its workload. */
export function* checkTimes(runbook: Part): Iterable<Problem> {
  for (const { check } of allChecks(runbook)) {
    const pauses = (check.at('successes').number ?? defaults.successes) - 1;
    const needed = pauses * (check.at('interval').ms ?? defaults.interval);
    const within = check.at('within').ms ?? defaults.within;
    if (needed < within) continue;
    const place =
      [check.at('within'), check.at('successes'), check.at('interval')].find((part) => part.present) ?? check;
    const message = `${pauses + 1} passes need pauses of ${needed} ms in all, but must be done within ${within} ms`;
    yield place.problem('CheckNeverPasses', message);
  }
}

const placeholderNames = ['site', 'epoch'];

/** `${...}` in what a check expects. */
export function* placeholders(runbook: Part): Iterable<Problem> {
  for (const { check } of allChecks(runbook)) {
    const headers = check.at('http').at('headers');
    const texts = [check.at('http').at('bodyContains'), ...headers.keys.map((key) => headers.at(key))];
    for (const part of texts) {
      for (const [whole, name = ''] of (part.text ?? '').matchAll(/\$\{([^{}]{0,60})\}/g)) {
        if (placeholderNames.includes(name)) continue;
        const near = didYouMean(name, placeholderNames);
        yield part.problem('UnknownPlaceholder', `the placeholder ${quote(whole)} is not known${near}`);
      }
    }
  }
}
