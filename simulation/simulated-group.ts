import type { GroupUpdates } from '../activities/steps/group-steps';
import { SwitchbackFailure } from '../core/model/failure';
import { operationTraits, type Operation, type ProtectionPhase, type RunEpochs } from '../core/model/operation';
import type { ProtectionState } from '../core/model/protection';
import type { SiteRole } from '../core/model/site';
import type { Verdict } from '../core/model/verdict';
import { drillBegun, drillEnded, drillRefused } from '../core/running/drill-rules';
import { committed, effectivePhase, held, nextEpochs, released, wrongState } from '../core/running/protection-rules';

const at = '2026-11-21T10:00:00.000Z';

interface End {
  readonly operation: Operation;
  readonly runId: string;
  readonly verdict: Verdict;
  readonly phase: ProtectionPhase;
  readonly epoch: number;
  readonly activeSite: SiteRole;
}

/** The `protection` workflow without Temporal: the same rules, asked in the same order (workflows/protection.ts). */
export class SimulatedGroup implements GroupUpdates {
  private readonly answers = new Map<string, string>();

  constructor(public state: ProtectionState) {}

  acquire(operation: Operation, runId: string): { readonly before: ProtectionPhase; readonly epochs: RunEpochs } {
    const wrong = wrongState(this.state, operation);
    if (wrong !== undefined) throw new Error(wrong);
    if (this.state.holder !== undefined) throw new Error('the group is busy');
    const before = effectivePhase(this.state);
    const epochs = nextEpochs(this.state, operation);
    const holder = { workflowId: operation, runId, operation, since: at };
    if (operationTraits[operation].isolated) {
      const refused = drillRefused(this.state);
      if (refused !== undefined) throw new Error(refused);
      this.state = drillBegun(this.state, holder);
    } else this.state = held(this.state, holder, epochs);
    return { before, epochs };
  }

  release({ operation, runId, verdict, phase, epoch, activeSite }: End): void {
    const summary = { workflowId: operation, runId, operation, verdict, startedAt: at, finishedAt: at };
    const release = { phase, epoch, activeSite, summary, because: verdict };
    if (this.state.drill?.runId === runId) this.state = drillEnded(this.state, release);
    else {
      this.assertHolder(runId);
      this.state = released(this.state, release);
    }
  }

  commit: GroupUpdates['commit'] = async (_group, request, operationKey) =>
    this.once(request.runId, operationKey, () => {
      const { epoch, activeSite, replication } = this.state;
      const done =
        epoch === request.epoch && activeSite === request.activeSite && replication.direction === request.direction;
      if (!done) this.state = committed(this.state, request);
      return done ? 'committed already' : 'committed';
    });

  pauseReplication: GroupUpdates['pauseReplication'] = async (_group, { runId }, operationKey) =>
    this.once(runId, operationKey, () => {
      this.state = { ...this.state, replication: { ...this.state.replication, paused: true } };
      return 'paused';
    });

  resumeReplication: GroupUpdates['resumeReplication'] = async (_group, { runId, direction }, operationKey) =>
    this.once(runId, operationKey, () => {
      const { replication } = this.state;
      this.state = {
        ...this.state,
        replication: { ...replication, direction: direction ?? replication.direction, paused: false },
      };
      return 'resumed';
    });

  /** Nothing of a simulation takes time. */
  worstLag: GroupUpdates['worstLag'] = async () => ({ seconds: 0, at });

  /** Temporal answers an update of the same id as it did the first time. */
  private once(runId: string, operationKey: string, change: () => string): string {
    const id = `${runId}/${operationKey}`;
    const answered = this.answers.get(id);
    if (answered !== undefined) return answered;
    this.assertHolder(runId);
    const answer = change();
    this.answers.set(id, answer);
    return answer;
  }

  private assertHolder(runId: string): void {
    if (this.state.holder?.runId === runId) return;
    throw new SwitchbackFailure('GroupBusy', `run ${runId} does not hold the group`, { runId });
  }
}
