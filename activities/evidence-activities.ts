import { SwitchbackFailure } from '../core/model/failure';
import { CONTROL_HEARTBEAT_SECONDS } from '../core/model/step-kinds';
import type { EvidenceHead, KeepEvidence } from '../core/model/evidence';
import { termsOf } from '../core/evidence/terms';
import type { Evidence } from '../evidence/evidence';
import type { EvidenceActivities } from './evidence-contract';
import { runActivity } from './run-activity';
import type { RunbookFolder } from './runbook-folder';
import { writeReport, type ReportParts } from './write-report';

export interface EvidenceParts extends ReportParts {
  readonly evidence: Evidence;
  readonly runbooks: Pick<RunbookFolder, 'load' | 'schedules'>;
}

/** Activities of the workflows' own task queue that keep evidence. A worker that is lost on the way keeps it once all the same. */
export function evidenceActivities(parts: EvidenceParts): EvidenceActivities {
  return {
    keepEvidence: (request) =>
      runActivity({ heartbeatSeconds: CONTROL_HEARTBEAT_SECONDS, attempts: attemptsOf(request) }, () =>
        request.kind === 'report' ? keepReport(parts, request) : keep(parts, request),
      ),
  };
}

/** What a person has said is never given up; a group waits with the rest, and says that it cannot be kept. */
const attemptsOf = ({ kind }: KeepEvidence): number => (kind === 'decision' ? Infinity : 3);

type KeptHere = Exclude<KeepEvidence, { readonly kind: 'report' }>;

async function keep({ evidence, runbooks }: EvidenceParts, request: KeptHere): Promise<EvidenceHead> {
  const { group, kind, id } = request;
  const body = await bodyOf(request, runbooks);
  const { head } = await evidence.of(group).append({ kind, id, at: new Date().toISOString() }, () => body);
  return head;
}

async function bodyOf(request: KeptHere, runbooks: EvidenceParts['runbooks']): Promise<object> {
  if (request.kind !== 'terms') return request.body;
  const { runbook: name, since, uncovered } = request;
  const [{ runbook, digest }, schedules] = await Promise.all([runbooks.load(name), runbooks.schedules(name)]);
  return termsOf(runbook, { since, digest, schedules, uncovered });
}

async function keepReport(
  parts: ReportParts,
  { group, run, verdict, because }: Extract<KeepEvidence, { readonly kind: 'report' }>,
): Promise<EvidenceHead> {
  const { evidence, unkept = '' } = await writeReport(parts, { run: { ...run, group }, verdict, because });
  if (evidence) return evidence;
  throw new SwitchbackFailure('EvidenceUnavailable', `the report of ${run.workflowId} cannot be kept: ${unkept}`);
}
