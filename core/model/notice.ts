/** What people are told of. */
export const noticeKinds = ['start', 'gate-open', 'reminder', 'step-failed', 'done', 'attestation'] as const;

export type NoticeKind = (typeof noticeKinds)[number];

/** Where notices go. Addresses and secrets are named, not given: they are read where they are used. */
export interface NoticeSpec {
  readonly name: string;
  readonly on: readonly NoticeKind[];
  readonly urlFrom: string;
  readonly format: 'cloudevents' | 'slack';
  readonly secretFrom?: string;
}

/** One notice to be sent. */
export interface Notice {
  readonly kind: NoticeKind;
  /** The same whenever it is sent again. */
  readonly id: string;
  readonly at: string;
  readonly group: string;
  readonly operation: string;
  readonly workflowId: string;
  /** One sentence for people. */
  readonly text: string;
  /** Only of the end, and of an attestation that was given. */
  readonly verdict?: string;
  /** Only of a gate: its name. */
  readonly gate?: string;
}
