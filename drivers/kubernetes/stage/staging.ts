import type { StageMaps } from '../../../core/model/stage';
import type { CallContext } from '../../ports';
import type { StageRequest } from '../../stage-port';
import type { SiteCluster } from '../cluster';
import type { KubeObject } from '../kube-object';
import type { DiffRecord } from './diff-record';
import type { StagedKind } from './staged-kind';

/** One call of `stage`. */
export interface Staging {
  readonly source: SiteCluster;
  readonly target: SiteCluster;
  readonly request: StageRequest;
  /** From the source to the target. */
  readonly maps: StageMaps;
  readonly record: DiffRecord;
  readonly context: CallContext;
}

/** The objects of a kind at both sites, without those that are no part of the application. */
export interface KindObjects {
  readonly kind: StagedKind;
  readonly source: readonly KubeObject[];
  readonly target: readonly KubeObject[];
}

/** "ConfigMap settings" */
export const objectTitle = ({ kind }: StagedKind, name: string): string => `${kind} ${name}`;

/** What a request that may change something says besides. */
export const dryly = ({ request }: Staging): Record<string, string> => (request.dryRun ? { dryRun: 'All' } : {});
