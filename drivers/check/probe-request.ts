import type { SiteSpec } from '../../core/model/site';
import type { Probe } from '../../core/model/check';
import type { CallContext, CheckTarget } from '../ports';

export interface CheckDriverOptions {
  /** Folder with the content of the volume at the site; undefined: the site has no such volume. */
  readonly volumeFolder: (site: SiteSpec, group: string, volume: string) => string | undefined;
  /** Absolute paths of the programs that `command` checks may run. */
  readonly allowedCommands: readonly string[];
  /** Where `passwordFrom` of `sql` checks is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One try of one probe. */
export interface ProbeRequest<P extends Probe> {
  /** Name of the check, for messages. */
  readonly check: string;
  readonly probe: P;
  readonly target: CheckTarget;
  /** IP address of the site: the only one that a probe may connect to. */
  readonly address: string;
  /** Aborted when the timeout of the check is over or the call is cancelled: then everything must be let go of at once. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly progress: CallContext['progress'];
  readonly options: CheckDriverOptions;
}

/** What a probe saw. An error that it throws counts as seen, a `SwitchbackFailure` as a check that can never be right. */
export interface Answer {
  readonly ok: boolean;
  readonly saw: string;
}

export type ProbeRunner<P extends Probe> = (request: ProbeRequest<P>) => Promise<Answer>;
