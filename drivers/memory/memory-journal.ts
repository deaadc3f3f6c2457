import type { CheckDriver, Mutation, ReplicationDriver, TrafficDriver, WorkloadDriver } from '../ports';
import type { StandingDriver } from '../standing-port';

/** Every method of the five ports: no two ports share a name. */
export type MethodName =
  keyof WorkloadDriver | keyof StandingDriver | keyof ReplicationDriver | keyof TrafficDriver | keyof CheckDriver;

export interface MemoryCall {
  readonly method: MethodName;
  readonly site?: string;
  readonly target: string;
  /** Absent: the call changes nothing. */
  readonly mutation?: Mutation;
}

/** One change of the state. Calls that found nothing to do leave no entry. */
export interface JournalEntry {
  readonly method: MethodName;
  readonly site?: string;
  readonly target: string;
  readonly epoch: number;
  readonly operationKey: string;
}
