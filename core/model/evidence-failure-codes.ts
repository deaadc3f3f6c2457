/** Rows of core/model/failure-codes.ts about the evidence store. Both may be tried again: what was damaged can be put back. */
export const evidenceFailureCodes = {
  EvidenceUnavailable: {
    retryable: true,
    meaning: 'The folder or bucket that evidence is kept in does not answer, or refuses to.',
    fix: 'Mend what the message names: the address, the region, the credentials or the permissions of the store.',
  },
  EvidenceChanged: {
    retryable: true,
    meaning: 'What is in the evidence store is not what was kept there.',
    fix: 'Run `switchback evidence verify`, find out who has changed it, and put back what was there.',
  },
} as const;
