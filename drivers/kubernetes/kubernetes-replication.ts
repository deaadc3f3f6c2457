import { SwitchbackFailure } from '../../core/model/failure';
import type { ReplicationDriver } from '../ports';

/** There are no volumes at Kubernetes sites yet: runbooks that declare one are refused, and here nothing is done about one. */
export function createKubernetesReplication(): ReplicationDriver {
  const refuse = async (): Promise<never> => {
    throw new SwitchbackFailure('DriverMissing', 'volumes of Kubernetes sites cannot be replicated yet');
  };
  return {
    observe: async (_site, _group, volumes) => (volumes.length === 0 ? [] : refuse()),
    sync: refuse,
    capture: refuse,
    restore: refuse,
    copy: refuse,
    claim: refuse,
    thin: refuse,
  };
}
