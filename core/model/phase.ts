/** The parts of an operation, by which steps are grouped in plans, views and reports. */
export type Phase =
  'verify' | 'gates' | 'prepare' | 'stop' | 'data' | 'start' | 'traffic' | 'commit' | 'replicate' | 'finish';
