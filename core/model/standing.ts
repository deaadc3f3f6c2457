/** Of a workload that runs: whether it is whole, so that its checks tell of all of it. */
export interface WorkloadStanding {
  /** What keeps it from being whole, one text each: "1 of 2 pods Ready", "volume orders is not mounted". Empty: nothing. */
  readonly lacks: readonly string[];
  /** Another text whenever an instance has been started anew, has come or has gone. Otherwise the same. */
  readonly incarnation: string;
  /** What was looked at, in words: "2 of 2 pods Ready, orders mounted as claim orders". */
  readonly saw: string;
}
