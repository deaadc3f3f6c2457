/** Types of search attributes by the names that the Temporal CLI gives them. */
export type SearchAttributeType = 'Keyword' | 'KeywordList';

/** What the workflows set, so that runs can be found. The worker registers them or refuses to start. */
export const searchAttributes = {
  SwitchbackGroup: 'Keyword',
  SwitchbackOperation: 'Keyword',
  SwitchbackPhase: 'Keyword',
  SwitchbackActiveSite: 'Keyword',
  SwitchbackOutcome: 'Keyword',
  /** Of a group: Ready, AtRisk or NotReady. */
  SwitchbackReadiness: 'Keyword',
  /** The open gates and the failed steps that ask a person. */
  SwitchbackWaitingFor: 'KeywordList',
} as const satisfies Record<string, SearchAttributeType>;
