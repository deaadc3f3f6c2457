import { isSelfReport } from '../../model/self-report';
import type { DiagnosticCode } from '../diagnostic-codes';
import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { quote } from '../quote';

/** What a passed check says of a workload, the most first. Each but the first has a warning of its own. */
const proofs = ['answer', 'self-report', 'status', 'connection'] as const;
type Proof = (typeof proofs)[number];

const warnings: Readonly<Record<Exclude<Proof, 'answer'>, { readonly code: DiagnosticCode; readonly only: string }>> = {
  connection: { code: 'ConnectionOnly', only: 'only that somebody accepts a connection' },
  status: { code: 'StatusOnly', only: 'only the status of the answer, which an empty page and an error page can have' },
  'self-report': { code: 'SelfReportOnly', only: 'only what it says of its own health' },
};

/** A workload whose best check, or check of the integrity at its port or of its volumes, would pass though it does not work. */
export function* weakChecks(runbook: Part): Iterable<Problem> {
  const integrity = runbook.at('integrity').items;
  for (const workload of runbook.at('workloads').items) {
    const name = workload.at('name');
    const own = workload.at('checks').items;
    if (name.text === undefined || own.length === 0) continue;
    const found = [...own, ...integrity.filter((check) => isAbout(check, workload))].flatMap(proofOf);
    const best = proofs.find((proof) => found.includes(proof));
    if (best === undefined || best === 'answer') continue;
    const { code, only } = warnings[best];
    yield name.problem(code, `the checks of the workload ${quote(name.text)} see ${only}`);
  }
}

function isAbout(check: Part, workload: Part): boolean {
  const volumes = workload.at('volumes').items.map(({ text }) => text);
  const volume = check.at('checksum').at('volume').text;
  if (volume !== undefined) return volumes.includes(volume);
  const port = workload.at('local').at('port').number;
  return port !== undefined && ['http', 'sql'].some((kind) => check.at(kind).at('port').number === port);
}

/** None of what has another shape, or none of the kinds: other rules tell that. */
function proofOf(check: Part): readonly Proof[] {
  const tcp = check.at('tcp');
  if (tcp.isMap) return [tcp.at('banner').present ? 'answer' : 'connection'];
  const http = check.at('http');
  if (http.isMap) {
    if (isSelfReport(http.at('path').text ?? '/')) return ['self-report'];
    return ['bodyContains', 'json', 'headers'].some((key) => http.at(key).present) ? ['answer'] : ['status'];
  }
  return ['command', 'sql', 'checksum'].some((key) => check.at(key).present) ? ['answer'] : [];
}
