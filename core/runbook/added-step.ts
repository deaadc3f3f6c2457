import type { AddedAction, AddedStep, HookAction, ManualAction } from '../model/added-step';
import type { Person } from '../model/runbook';
import type { SiteRole, SiteSpec } from '../model/site';
import { acceptedSeconds } from './duration';
import { keysOf } from '../running/public-keys';
import { resolved } from './people';
import { present } from './present';
import type { WrittenRunbook } from './schema';

type WrittenStep = WrittenRunbook['operations']['failover']['steps'][number];
type WrittenHook = Pick<WrittenStep, 'command' | 'webhook' | 'timeout'>;

const DEFAULT_TIMEOUT_SECONDS = { command: 60, webhook: 10 } as const;

/** What steps refer to. */
interface Known {
  readonly people: readonly Person[];
  readonly sites: Readonly<Record<SiteRole, SiteSpec>>;
}

export function addedStepOf(written: WrittenStep, { people, sites }: Known): AddedStep {
  const { name, before, after, inverse, mayStay, onFailure, site, mode } = written;
  const { phase, priority, workload } = before ?? after ?? accepted('a step without a place');
  return {
    name,
    place: { moment: before ? 'before' : 'after', phase, ...present({ priority, workload }) },
    action: actionOf(written, people),
    onFailure,
    ...(inverse && { inverse: hookOf(inverse) }),
    ...(mayStay && { mayStay }),
    ...(site !== undefined && { site: roleOf(site, sites) }),
    ...present({ mode }),
  };
}

const actionOf = (written: WrittenStep, people: readonly Person[]): AddedAction =>
  written.manual ? manualOf(written.manual, people) : hookOf(written);

function hookOf({ command, webhook, timeout }: WrittenHook): HookAction {
  const kind = command ? 'command' : 'webhook';
  const timeoutSeconds = timeout === undefined ? DEFAULT_TIMEOUT_SECONDS[kind] : acceptedSeconds(timeout);
  if (command) return { kind: 'command', command, timeoutSeconds };
  const { urlFrom, secretFrom } = webhook ?? accepted('a hook of no kind');
  return { kind: 'webhook', urlFrom, ...present({ secretFrom }), timeoutSeconds };
}

/** With its groups resolved: the plan names the people, so that it says who could answer when it was made. */
function manualOf(written: NonNullable<WrittenStep['manual']>, people: readonly Person[]): ManualAction {
  const who = resolved(people, written.who);
  const keys = keysOf(people, who);
  return {
    kind: 'manual',
    instructions: written.instructions.trim(),
    who,
    ...(Object.keys(keys).length > 0 && { keys }),
    ...(written.within !== undefined && { withinSeconds: acceptedSeconds(written.within) }),
    ...(written.remind !== undefined && { remindSeconds: acceptedSeconds(written.remind) }),
  };
}

const roleOf = (site: string, { primary }: Known['sites']): SiteRole =>
  site === 'primary' || site === primary.name ? 'primary' : 'recovery';

function accepted(what: string): never {
  throw new RangeError(`${what} was accepted`);
}
