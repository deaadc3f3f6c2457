import { defineSearchAttributeKey } from '@temporalio/common';

/** Typed keys of core/model/search-attributes.ts, for upserts. */
export const attributes = {
  group: defineSearchAttributeKey('SwitchbackGroup', 'KEYWORD'),
  operation: defineSearchAttributeKey('SwitchbackOperation', 'KEYWORD'),
  phase: defineSearchAttributeKey('SwitchbackPhase', 'KEYWORD'),
  activeSite: defineSearchAttributeKey('SwitchbackActiveSite', 'KEYWORD'),
  readiness: defineSearchAttributeKey('SwitchbackReadiness', 'KEYWORD'),
  outcome: defineSearchAttributeKey('SwitchbackOutcome', 'KEYWORD'),
  waitingFor: defineSearchAttributeKey('SwitchbackWaitingFor', 'KEYWORD_LIST'),
};
