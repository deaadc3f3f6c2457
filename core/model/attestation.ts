import type { AttestationPolicy } from './attestation-policy';
import type { NoticeSpec } from './notice';
import type { JsonObject } from './json';
import type { Attestation } from './run';
import type { Verdict } from './verdict';

/** Name by which the question is found among all that wait, and to which signatures are bound. */
export const ATTESTATION = 'attestation';

/** A drill as its run ended, for whoever is to say whether it passed. Instants are ISO. */
export interface EndedDrill {
  readonly workflowId: string;
  readonly runId: string;
  readonly group: string;
  readonly planHash: string;
  readonly requestedBy: string;
  /** What the machine says of it. */
  readonly verdict: Verdict;
  readonly because: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly facts: DrillFacts;
}

/** What was seen in a drill. Small: it is shown to people and kept with what they say. */
export interface DrillFacts {
  /** Where the copy was. */
  readonly site: string;
  /** From the first thing done until every workload of the copy was healthy; absent: it never was. */
  readonly healthySeconds?: number;
  /** What the copy was made from, by volume; `asOf` is absent where the site could not tell. */
  readonly data: readonly { readonly volume: string; readonly asOf?: string }[];
  /** Steps that were left out or done by hand. */
  readonly byHand: readonly string[];
}

/** Input of the workflow `attestation`. */
export interface AttestationInput {
  readonly drill: EndedDrill;
  readonly policy: AttestationPolicy;
  /** Public keys of those who may attest and have one, by name. */
  readonly keys: Readonly<Record<string, string>>;
  readonly notices: readonly NoticeSpec[];
  /** Present when the workflow continues as new. */
  readonly progress?: AttestationProgress;
}

export interface AttestationProgress {
  /** When it was asked for. */
  readonly since: string;
  /** How many times people were reminded, and when the last time. */
  readonly reminders: number;
  readonly remindedAt?: string;
}

/** Answer of the query `status` of an attestation. */
export interface AttestationStatus extends AttestationProgress {
  readonly workflowId: string;
  readonly drill: EndedDrill;
  /** Who may attest it; empty: anyone. */
  readonly who: readonly string[];
  readonly signed?: 'required';
  /** Present once it is attested. */
  readonly attestation?: Attestation;
  readonly lastRefusal?: string;
  /** Exact messages that a person can send; none once it is attested. */
  readonly answers: readonly { readonly message: string; readonly payload: JsonObject }[];
}

/** Result of the workflow `attestation`. */
export interface AttestationResult extends Attestation {
  readonly reminders: number;
  readonly files: readonly string[];
}
