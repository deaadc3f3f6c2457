/**
 * Functions of the settings file for local sites: what a shell needs to write the journals of a site (drivers/local/journal.ts)
 * and to find the processes of a workload (drivers/local/workloads/instance.ts).
 */
export const localFunctions: readonly string[] = [
  '# The number of the last record of a journal; nothing when there is none.',
  `last_seq() { [ ! -s "$1" ] || grep -o '"seq": *[0-9]*' "$1" | grep -o '[0-9]*$' | tail -n 1 || true; }`,
  '# Appends a record to a journal: append_record FILE \'{"kind":"stopped"\'',
  'append_record() {',
  '  mkdir -p "$(dirname "$1")"',
  '  [ ! -s "$1" ] || [ -z "$(tail -c 1 "$1")" ] || echo >> "$1"',
  '  seq=$(last_seq "$1")',
  `  printf '%s,"at":"%s","seq":%s,"writer":"by-hand-%s"}\\n' "$2" "$(instant)" "$((\${seq:-0} + 1))" "$$-$(date +%s%N)" >> "$1"`,
  '}',
  'instant() { date -u +%Y-%m-%dT%H:%M:%S.000Z; }',
  '# The mark that processes of a workload carry in their environment: instance_mark SITE-FOLDER GROUP WORKLOAD',
  `instance_mark() { printf '["%s","%s","%s"]' "$1" "$2" "$3" | sha256sum | cut -c 1-24; }`,
  '# The ids of its processes, one a line.',
  `pids_of() { grep -la "SWITCHBACK_INSTANCE=$(instance_mark "$@"):" /proc/[0-9]*/environ 2> /dev/null | cut -d / -f 3 || true; }`,
  '# A file of the folder of runbooks, or the word itself.',
  'in_runbooks() { if [ -f "$RUNBOOKS/$1" ]; then printf %s "$RUNBOOKS/$1"; else printf %s "$1"; fi; }',
  '# open or closed: port_state ADDRESS PORT',
  'port_state() { if (: < "/dev/tcp/$1/$2") 2> /dev/null; then echo open; else echo closed; fi; }',
  '# Waits up to so many seconds until a command ends well: within SECONDS COMMAND...',
  'within() { end=$(($(date +%s) + $1)); shift; until "$@"; do [ "$(date +%s)" -lt "$end" ] || return 1; sleep 0.2; done; }',
];
