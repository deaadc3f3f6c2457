import { buildReport } from '../../core/report/build-report';
import type { Report } from '../../core/report/report';
import { surroundingsOf } from '../../temporal/surroundings';
import { attestationOf } from './attestations';
import { protectionState } from './resolve-run';
import { RunReader } from './run-reader';
import type { Session } from './session';

/** The report of a run, of which Temporal still has the history. */
export async function reportOf(
  session: Session,
  { workflowId, webUi }: { readonly workflowId: string; readonly webUi: string | undefined },
): Promise<Report> {
  const reader = new RunReader(session, workflowId);
  const [status, plan, events] = await Promise.all([reader.status(), reader.plan(), reader.timeline()]);
  const { runId, group, operation } = status;
  const run = { workflowId, runId, group, operation };
  const asked = events.some(({ kind }) => kind === 'attestation-asked');
  const attestation = asked && { attestation: (await attestationOf(session, run)) ?? null };
  const { connection, settings } = session;
  const around = await surroundingsOf(
    { connection, state: () => protectionState(session, group), webUi },
    { namespace: settings.namespace, workflowId, runId },
  );
  return buildReport({ run, ...(plan && { plan }), events, ...attestation, ...around });
}
