/** The sentences of drivers/ports.ts that hold for every method: each port has tests of its own for them. */
export const everyMethod = {
  repeatable:
    'A mutation begins the work or continues what an earlier call with the same operation key began; calling it again after it was done changes nothing and gives an equivalent answer.',
  refusesLowerEpochs:
    'A mutation refuses an epoch lower than the fence of the site (`Fenced`) or than what it would overwrite.',
  copiesAreOfOneRun:
    'Of the copy of a drill (core/model/drill.ts) every mutation but `prepareCopy` and `removeCopy` is refused with `StaleAttempt`, and leaves nothing behind, unless the copy is prepared at the site (of `sync`: at the target) for the run.',
  honest: 'What cannot be found out is reported as unknown or unconfirmed, never as a good answer.',
  unreachable:
    'A site that does not answer throws `SiteUnreachable`; only `siteHealth`, `connectivity` and `fencing` report it as a value.',
  cancellable:
    'Cancelling through `signal` ends the call soon, and leaves a state from which the same call can be made again.',
} as const;
