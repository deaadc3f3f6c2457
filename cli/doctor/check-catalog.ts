/** What the doctor looks at. The id is also the heading in docs/reference/cli.md, which is made from these rows. */
export const doctorChecks = {
  'server-answers': {
    group: 'server',
    asks: 'Does a Temporal server answer at the address that the flags, the environment and the profile give?',
  },
  'namespace-exists': {
    group: 'namespace',
    asks: 'Is the namespace there, and for how long does it keep closed runs?',
  },
  'search-attributes': {
    group: 'namespace',
    asks: 'Are the search attributes registered, with their types? Without them every run fails its first task again and again.',
  },
  permissions: { group: 'namespace', asks: 'May this user see workflows? (`poll-rate` starts one.)' },
  'worker-polls': { group: 'workers', asks: 'Does a worker take workflows and control activities from `switchback`?' },
  'poll-rate': {
    group: 'workers',
    asks: 'How long does a step take that does nothing? Over 50 ms the server holds it up: its poll rate is at the default.',
  },
  'runbook-known': { group: 'sites', asks: 'Can the worker read the runbook of the group?' },
  'site-worker-polls': { group: 'sites', asks: "Does a worker take steps from the site's task queue?" },
  'site-health': {
    group: 'sites',
    asks: "Does the site answer, and is everything there in order, the worker's own rights included? Its own worker looks.",
  },
  'sites-connected': { group: 'sites', asks: 'Does the way work that data takes from one site to the other?' },
} as const satisfies Record<string, { readonly group: string; readonly asks: string }>;

export type DoctorCheckId = keyof typeof doctorChecks;
