import { operationNames } from '../../model/operation';
import type { Problem } from '../diagnostic';
import type { DiagnosticCode } from '../diagnostic-codes';
import { didYouMean } from '../nearest-name';
import type { Part } from '../part';
import { quote } from '../quote';
import { allChecks } from './checks';

export function* unknownWorkloads(runbook: Part): Iterable<Problem> {
  const workloads = runbook.at('workloads').items;
  const orders = operationNames.flatMap((operation) => {
    const policy = runbook.at('operations').at(operation);
    return [...policy.at('startOrder').items, ...policy.at('stopOrder').items];
  });
  const references = [...workloads.flatMap((workload) => workload.at('dependsOn').items), ...orders];
  yield* unknown(references, { what: 'workload', code: 'UnknownWorkload', declared: declaredNames(workloads) });
}

export function* unknownVolumes(runbook: Part): Iterable<Problem> {
  const used = runbook.at('workloads').items.flatMap((workload) => workload.at('volumes').items);
  const checked = allChecks(runbook).map(({ check }) => check.at('checksum').at('volume'));
  const declared = declaredNames(runbook.at('volumes').items);
  yield* unknown([...used, ...checked], { what: 'volume', code: 'UnknownVolume', declared });
}

export const declaredNames = (parts: readonly Part[]): string[] => parts.flatMap((part) => part.at('name').text ?? []);

interface Kind {
  readonly what: string;
  readonly code: DiagnosticCode;
  readonly declared: readonly string[];
}

function* unknown(references: readonly Part[], { what, code, declared }: Kind): Iterable<Problem> {
  const known = new Set(declared);
  for (const reference of references) {
    const name = reference.text;
    if (name === undefined || known.has(name)) continue;
    yield reference.problem(code, `${what} ${quote(name)} is not declared${didYouMean(name, declared)}`);
  }
}
