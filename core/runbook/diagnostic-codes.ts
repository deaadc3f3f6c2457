/** One row a diagnostic code: does it stop the runbook, what it means, what a person does about it. */
interface DiagnosticCodeRow {
  readonly severity: 'error' | 'warning';
  readonly meaning: string;
  readonly fix: string;
}

const error = (meaning: string, fix: string) => ({ severity: 'error', meaning, fix }) as const;
const warning = (meaning: string, fix: string) => ({ severity: 'warning', meaning, fix }) as const;

export const diagnosticCodes = {
  // The text and its YAML.
  RunbookTooLarge: error(
    'The file, or what its aliases stand for, is larger than any runbook needs to be.',
    'Split the application into several protection groups, or remove what does not belong here.',
  ),
  TooDeep: error('Lists and maps are nested deeper than any runbook needs.', 'Look for brackets that are not closed.'),
  ForbiddenCharacter: error(
    'The text holds a control character, or one that changes the direction of text on the screen.',
    'Remove the character that the message names. Save the file as UTF-8.',
  ),
  InvalidYaml: error('The file is not valid YAML.', 'Correct the place that the message points at.'),
  EmptyRunbook: error('The file holds no runbook.', 'Start from runbooks/shop.yaml.'),
  MultipleDocuments: error(
    'The file holds more than one YAML document.',
    'Keep one document a file; remove the line `---` and what follows.',
  ),
  DirectiveNotAllowed: error('The file has a YAML directive (a line that begins with %).', 'Remove the line.'),
  TagNotAllowed: error(
    'A value carries a YAML tag (`!something`).',
    'Remove the tag; put a value that must be text in quotes.',
  ),
  MergeKeyNotAllowed: error('The file uses the merge key `<<`.', 'Write the keys out where they are needed.'),
  UnknownAlias: error(
    'An alias `*name` has no anchor `&name` before it.',
    'Define the anchor earlier, or correct the name.',
  ),
  AliasLoop: error('An alias stands inside of what it stands for.', 'Remove the alias.'),
  DuplicateKey: error('A key is there twice in the same map.', 'Keep one of the two.'),
  ReservedKey: error('A key has a name that JavaScript reserves.', 'Use another name.'),
  TooManyDiagnostics: error(
    'There are more diagnostics than are shown.',
    'Correct those that are shown, then validate again.',
  ),

  // The shape of what is written.
  UnknownKey: error('A key that the runbook language does not have.', 'Correct its spelling, or remove it.'),
  MissingKey: error('A key that must be there is missing.', 'Add it.'),
  WrongType: error('A value has the wrong type: text for a list, a number for text.', 'Write it as the message shows.'),
  UnknownValue: error('The value is not one of those that are possible.', 'Use one of those that the message lists.'),
  OutOfRange: error(
    'A number or the length of a text or list is too small or too large.',
    'Keep within the limit that the message gives.',
  ),
  InvalidRecoveryPoint: error(
    'Not a choice of a recovery point.',
    'Write "latest", "latest-application-consistent", an id, or an instant with its zone.',
  ),
  InvalidDuration: error(
    'Not a duration, or one that is not possible here.',
    'Write a number and a unit: ms, s, m, h or d. For example "500ms", "5s", "10m", "2h", "1d".',
  ),
  InvalidName: error(
    'Names of groups, sites, workloads, volumes and gates become parts of ids and folders.',
    'Use 1 to 63 of a-z, 0-9 and hyphens; begin and end with a letter or digit.',
  ),
  InvalidAddress: error('Not an address of the kind that is needed.', 'Write an address as the message shows.'),
  InvalidDnsName: error('Not a DNS name.', 'Write it in full, in lower case, without a dot at the end.'),
  InvalidText: error('The text does not have the form that is needed.', 'Write it as the message shows.'),
  InvalidCommand: error(
    'A command without a program.',
    'Write the program and its arguments as a list: [node, server.cjs].',
  ),
  UnsafePath: error(
    'A path that could lead out of its folder.',
    'Use a relative path with forward slashes and without "..".',
  ),
  UnsafeHttp: error(
    'A path, host or header of an HTTP check holds what could forge a second header or request.',
    'Use visible characters only; encode a space in a path as %20.',
  ),
  InvalidStart: error(
    'Not a date and time, or one that does not exist in the time zone.',
    'Write the local time as "2026-12-05T22:00".',
  ),
  InvalidRecurrence: error(
    'Not a recurrence rule, one that never comes, one without a start, or with an end of another form than its start.',
    'Write a rule of RFC 5545 such as "FREQ=WEEKLY;BYDAY=SA", and a `start` with which it begins.',
  ),
  InvalidBlackout: error(
    'A blackout that does not say when it is, says it in two ways, or ends before it begins.',
    'Write either `from` and `to`, or `start` and `duration`.',
  ),
  ScheduleNotPossible: error(
    'A schedule that starts what a person must start, or whose moments Temporal cannot keep exactly.',
    'Schedule a drill, and write a rule as the message shows.',
  ),
  UnknownTimeZone: error('Not a name of the IANA time zone database.', 'Use a name such as "Europe/Berlin" or "UTC".'),
  UnsupportedVersion: error(
    'The runbook is written in a version of the language that this program does not know.',
    'Write `switchback: 1`.',
  ),

  InvalidKind: error(
    'Not a kind, or not an API group and version, of Kubernetes.',
    'Write them as `kubectl api-resources` shows them.',
  ),

  // What refers to what.
  UnknownSite: error('A site that is not declared.', 'Use `primary`, `recovery` or the name of one of the two sites.'),
  UnknownWorkload: error('A workload that is not declared.', 'Correct the name, or declare the workload.'),
  UnknownVolume: error('A volume that is not declared.', 'Correct the name, or declare the volume.'),
  UnknownPerson: error(
    'Somebody, or a group, that `people` does not have.',
    'Correct the name, or declare the person with the group.',
  ),
  ImpossibleApproval: error(
    'An approval that nobody could ever give.',
    'Ask for fewer people, or declare more of them (or their public keys).',
  ),
  UnknownPlaceholder: error(
    'A placeholder that checks do not know.',
    'Use `${site}` or `${epoch}`; `${nonce}` where `path` has it.',
  ),
  DuplicateName: error('The same name twice where names must differ.', 'Rename or remove one of the two.'),
  SiteConflict: error('The two sites share what must differ: name, address or folder.', 'Give each site its own.'),
  DriverMismatch: error(
    'The two sites have different drivers; data cannot flow between them.',
    'Use the same driver for both.',
  ),
  PortConflict: error('Two workloads listen on the same port of the same site.', 'Give each its own port.'),
  NameAndSelector: error(
    'Kubernetes objects are named by their name or by their labels, and not by both or by nothing.',
    'Give either `name` or a `selector` with at least one label.',
  ),
  UnknownKind: error(
    'A kind that Kubernetes itself does not have, or that cannot be stopped and started.',
    'Correct its spelling, or give the `apiVersion` of the kind; it must have a scale subresource.',
  ),
  ObjectShared: error('Two workloads are the same Kubernetes object.', 'Remove one of the two.'),
  ClaimShared: error('Two volumes are the same claim.', 'Give each its own claim, or make one volume of them.'),
  InvalidFlag: error(
    'An option of rsync that would change which files are copied, or how a copy is proven.',
    'Remove it, or use one of those that the language reference names.',
  ),
  DependencyCycle: error(
    'Workloads depend on each other in a circle; none of them could start first.',
    'Remove one of the dependencies.',
  ),
  PriorityContradiction: error(
    'A workload depends on one of a later priority group.',
    'Give the workload that others depend on the same priority number or a lower one.',
  ),
  OrderIncomplete: error(
    'An order override leaves workloads out.',
    'List every workload once, or remove the override.',
  ),
  OrderContradiction: error(
    'An order override contradicts `dependsOn`.',
    'Start what others depend on before them, and stop it after them.',
  ),
  VolumeShared: error(
    'Two workloads write the same volume.',
    'Give the volume to one workload, and let the other use it through that one.',
  ),
  VolumeUnused: warning(
    'No workload uses the volume; it is replicated all the same.',
    'Add it to the workload that writes it, or remove it.',
  ),
  WorkloadUnchecked: warning(
    'The workload has no checks: as soon as it runs it counts as healthy.',
    'Add at least one check that a broken workload fails.',
  ),
  ConnectionOnly: warning(
    'A workload is checked by connections alone: what accepts them and does nothing passes.',
    'Add a check that asks what customers ask, or give `banner` to one of type tcp.',
  ),
  StatusOnly: warning(
    'A workload is checked by the status of its answers alone: an empty page, an error page and the page of another site have the same.',
    'Say with `bodyContains`, `json` or `headers` what the answer must have.',
  ),
  SelfReportOnly: warning(
    'A workload is checked by what it says of its own health alone, as on /health: it may be wrong about itself.',
    'Add a check that asks what customers ask, and says with `bodyContains` or `json` what the answer must have.',
  ),
  CheckKind: error(
    'A check, gate, step or expectation has none or several of the kinds of which it must have one.',
    'Keep one of them.',
  ),
  CheckNeverPasses: error(
    'The time that a check has is too short for the passes in a row that it needs.',
    'Raise `within`, or lower `successes`, `interval` or `steady`.',
  ),
  StepNeverRuns: error(
    'A step, or its inverse, at a place that no plan of the operation has.',
    'Move it to a place that the message names, or remove it.',
  ),
  FailurePolicyImpossible: error(
    'A failure policy that its phase does not allow: nothing leads back after the commit point, and steps that guard data or fencing are never left out.',
    'Use one of the policies that the message names.',
  ),
  FailurePolicyContradiction: error(
    '`onFailure` and `failurePolicy` say different things of the same phase.',
    'Keep one of the two, or let `then` say what `onFailure` says.',
  ),
  ModeNotAllowed: error(
    'Only a failover is planned or unplanned.',
    'Remove `mode`, or move the gate or step to `operations.failover`.',
  ),
  GradeOrder: error(
    'A grade of the objectives asks for more than the one before it, or for the same: it could never be the one that is earned.',
    'Write the grades from the best to the lowest, each easier than the one before in at least one thing and harder in none.',
  ),
  ObjectiveUnreachable: error(
    'Replication runs less often than the recovery point objective allows.',
    'Lower `every`, or raise the objective.',
  ),
  RetentionOrder: error(
    'The rules that keep recovery points contradict each other.',
    'Begin with the finest rule; each next one is coarser and reaches further back.',
  ),
  StageImpossible: error(
    'What is to be staged has no objects of a cluster, or would run at the standby.',
    'Remove it; of kinds that Switchback knows, name them in `stage.kinds`.',
  ),
  StageMapAmbiguous: error(
    'Two names of the primary site become the same one at the recovery site, so that the way back is not known.',
    'Give each its own.',
  ),
  QuiesceTooLong: error(
    'The application may be kept still for as long as it takes until the next recovery points are due.',
    'Lower `timeout`, or raise `every` (of the reverse direction `failback.applicationPoints`).',
  ),
  TtlOrder: error('The TTL while traffic moves is longer than the usual one.', 'Lower `moveTtl`, or raise `ttl`.'),
  RecordValues: error(
    'The values of a record do not fit its type, or are missing for one site.',
    'Give each site values: IPv4 for A, IPv6 for AAAA, one name for CNAME and for an alias.',
  ),
  SecretInRunbook: warning(
    'A variable that looks like a secret is written in the runbook, and would be kept in histories and reports.',
    'Let the workload read it from a file or a secret store of its site.',
  ),
} as const satisfies Record<string, DiagnosticCodeRow>;

/** PascalCase word that names what is wrong with a runbook; also the heading in docs/reference/error-codes.md. */
export type DiagnosticCode = keyof typeof diagnosticCodes;
