import type { FailureCode } from '../../core/model/failure-codes';
import { SwitchbackFailure } from '../../core/model/failure';
import type { MemoryCall, MethodName } from './memory-journal';

/** What can be made to go wrong. Plain JSON. */
export type MemoryFault = FailingCall | VanishingSite | StandingFault;

/** Which call a fault is about: the nth from now on (default the next) of those that match every field given. */
interface CallMatch {
  readonly method: MethodName;
  /** Workload, volume, record or check; of `fence` and the like the group. */
  readonly target?: string;
  readonly site?: string;
  readonly nth?: number;
}

/** Happens once. */
interface FailingCall extends CallMatch {
  readonly kind: 'call-fails';
  readonly code: FailureCode;
  readonly message?: string;
  /** before: nothing happened. after: it happened, and the answer got lost. Default before. */
  readonly moment?: 'before' | 'after';
}

/** The site `vanishes` is cut off when that call begins. Happens once. */
interface VanishingSite extends CallMatch {
  readonly kind: 'site-vanishes';
  readonly vanishes: string;
}

/** Stays until the world is healed. Without a site: at every site. */
interface StandingFault {
  readonly kind:
    /** Checks of the name `target` fail. */
    | 'never-healthy'
    /** Checks of the name `target` get no answer within their timeout. */
    | 'never-answers'
    /** The workload `target` ends only by force, after its grace time. */
    | 'ignores-requests'
    /** The workload `target` cannot be proven stopped. */
    | 'refuses-to-stop'
    /** The workload `target` writes `log` and ends when it is started. */
    | 'ends-at-once'
    /** The provider takes changes of the record `target`, its name servers go on answering what they answer now. */
    | 'dns-does-not-change'
    /** Something keeps writing at the source of the volume `target`. */
    | 'keeps-changing';
  readonly target: string;
  readonly site?: string;
  readonly log?: string;
}

/** What a call has to do because of faults, in this order. */
export interface DueFaults {
  readonly vanishing: readonly string[];
  readonly before?: SwitchbackFailure;
  readonly after?: SwitchbackFailure;
}

const nothingDue: DueFaults = { vanishing: [] };

type CallFault = FailingCall | VanishingSite;

/** The faults of one world, as its drivers ask for them. */
export class MemoryFaults {
  private calls: { readonly fault: CallFault; left: number }[] = [];
  private standing: StandingFault[] = [];

  inject(fault: MemoryFault): void {
    if (fault.kind === 'call-fails' || fault.kind === 'site-vanishes') this.calls.push({ fault, left: fault.nth ?? 1 });
    else this.standing.push(fault);
  }

  heal(): void {
    this.calls = [];
    this.standing = [];
  }

  find(kind: StandingFault['kind'], target: string, site?: string): StandingFault | undefined {
    return this.standing.find(
      (fault) => fault.kind === kind && fault.target === target && (fault.site === undefined || fault.site === site),
    );
  }

  /** Counts the call against every fault that waits for it, and says which are due. */
  due(call: MemoryCall): DueFaults {
    if (this.calls.length === 0) return nothingDue;
    const waiting = this.calls.filter(({ fault }) => matches(fault, call));
    for (const one of waiting) one.left -= 1;
    this.calls = this.calls.filter((one) => one.left > 0);
    const due = waiting.filter((one) => one.left === 0).map((one) => one.fault);
    const failing = due.filter((fault) => fault.kind === 'call-fails');
    const before = failing.find((fault) => fault.moment !== 'after');
    const after = failing.find((fault) => fault.moment === 'after');
    return {
      vanishing: due.flatMap((fault) => (fault.kind === 'site-vanishes' ? [fault.vanishes] : [])),
      ...(before === undefined ? {} : { before: failureOf(before, call) }),
      ...(after === undefined ? {} : { after: failureOf(after, call) }),
    };
  }
}

function failureOf(fault: FailingCall, { method, target }: MemoryCall): SwitchbackFailure {
  return new SwitchbackFailure(fault.code, fault.message ?? `${method} of "${target}" was made to fail`);
}

function matches(fault: CallFault, call: MemoryCall): boolean {
  if (fault.method !== call.method) return false;
  if (fault.target !== undefined && fault.target !== call.target) return false;
  return fault.site === undefined || fault.site === call.site;
}
