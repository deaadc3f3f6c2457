import { condition } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { StepError } from '../core/model/run';
import type { PointChange } from '../core/running/point-change';
import { emptyLedger, type GateLedger } from '../core/running/approval-rules';

/** Why a run leaves its plan before the end. */
export interface Stop {
  readonly kind: 'rollback' | 'abort' | 'declined' | 'expired' | 'withdrawn';
  readonly by: string;
  readonly reason: string;
  /** Only what concerns the data is undone; then it goes on from another recovery point. */
  readonly change?: PointChange;
}

/** Codes of gates that did not open: the run does not go on. */
const stopAfterGate: Readonly<Record<string, Stop['kind'] | undefined>> = {
  GateDeclined: 'declined',
  GateExpired: 'expired',
  WindowClosed: 'declined',
};

/** The stop that follows when a gate did not open; undefined of every other failure. */
export function stopOfGate({ id, input }: PlanStep, { code, message }: StepError): Stop | undefined {
  const kind = stopAfterGate[code];
  return kind && { kind, by: `gate ${input.gate?.name ?? id}`, reason: message };
}

/** What people and failures ask of a running executor. Each change wakes it. */
export class RunControl {
  paused = false;
  stop: Stop | undefined;
  private readonly ledgers = new Map<string, GateLedger>();
  private readonly retries = new Set<string>();
  private readonly leftOut = new Map<string, 'skipped' | 'marked-done'>();
  private version = 0;

  wake(): void {
    this.version += 1;
  }

  /** What people have said at the gate so far. */
  ledger(gate: string): GateLedger {
    return this.ledgers.get(gate) ?? emptyLedger;
  }

  note(gate: string, ledger: GateLedger): void {
    this.ledgers.set(gate, ledger);
    this.wake();
  }

  requestStop(stop: Stop): void {
    this.stop ??= stop;
    this.wake();
  }

  requestRetry(steps: readonly string[]): void {
    for (const step of steps) this.retries.add(step);
    this.wake();
  }

  leaveOut(step: string, as: 'skipped' | 'marked-done'): void {
    this.leftOut.set(step, as);
    this.wake();
  }

  takeRetries(): readonly string[] {
    const steps = [...this.retries];
    this.retries.clear();
    return steps;
  }

  takeLeftOut(): readonly (readonly [string, 'skipped' | 'marked-done'])[] {
    const steps = [...this.leftOut];
    this.leftOut.clear();
    return steps;
  }

  /** Returns when something has changed since `seen`; gives what to pass the next time. */
  async changed(seen: number): Promise<number> {
    await condition(() => this.version !== seen);
    return this.version;
  }

  get seen(): number {
    return this.version;
  }
}
