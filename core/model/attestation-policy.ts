/** Who may attest drills, and when people are reminded of one. */
export interface AttestationPolicy {
  /** Groups resolved to their people; empty: anyone. */
  readonly by: readonly string[];
  readonly remindSeconds: number;
  readonly signed?: 'required';
}
