import type { SiteExamination } from '../../../core/model/examination';
import type { Observation } from '../../../core/model/observation';
import type { ProtectionState } from '../../../core/model/protection';
import type { Runbook } from '../../../core/model/runbook';
import { evaluateReadiness, type EvaluationInput } from '../../../core/readiness/evaluate-readiness';
import { establish } from '../../../core/running/protection-rules';
import { compiled, observationFor } from '../planning/compiled';
import { parsedShop } from '../planning/shop';

const nothingFound: SiteExamination = { workloads: [], volumes: [], credentials: [], unknown: [] };

export interface Changes {
  readonly runbook?: (runbook: Runbook) => Runbook;
  readonly observation?: (observation: Observation) => Observation;
  readonly state?: (state: ProtectionState) => ProtectionState;
  readonly primary?: Partial<SiteExamination>;
  readonly recovery?: Partial<SiteExamination>;
  readonly input?: Partial<EvaluationInput>;
}

const same = <Value>(value: Value): Value => value;

/** The shop with nothing wrong, at home, and what a test changes of it. */
export function shopInput(changes: Changes = {}): EvaluationInput {
  const runbook = (changes.runbook ?? same)(parsedShop());
  const observation = (changes.observation ?? same)(observationFor(runbook, 'failover'));
  const established = establish(runbook, observationFor(runbook, 'failover'));
  const asOf = Object.fromEntries(runbook.volumes.map(({ name }) => [name, observation.observedAt]));
  const state = { ...established, replication: { ...established.replication, asOf } };
  return {
    runbook,
    digest: 'digest',
    observation,
    state: (changes.state ?? same)(state),
    examinations: {
      primary: { ...nothingFound, ...changes.primary },
      recovery: { ...nothingFound, ...changes.recovery },
    },
    hooks: {},
    missingForNotices: [],
    ...changes.input,
  };
}

export const evaluate = (changes: Changes = {}) =>
  evaluateReadiness(shopInput(changes), (input) => Promise.resolve().then(() => compiled(input)));
