import type { LocalSite } from '../../model/site';
import type { LocalProcess, WorkloadSpec } from '../../model/workload';
import { act, see, type Written } from '../paper';
import { quoted, shellJson, variable, number } from '../shell';
import type { HandChange, Place, SitePaper, StartByHand } from '../site-paper';
import { groupFolder, siteFolder, volumeFolder } from './local-places';

type LocalPlace = Place<LocalSite>;

const workloadFolder = (place: LocalPlace, { name }: WorkloadSpec): string => `${groupFolder(place)}/workloads/${name}`;

const processes = (place: LocalPlace, { name }: WorkloadSpec): string =>
  `"${siteFolder(place.site)}" ${quoted(place.group)} ${quoted(name)}`;

const processOf = ({ name, local }: WorkloadSpec): LocalProcess => {
  if (local === undefined) throw new Error(`workload "${name}" names no program`);
  return local;
};

/** Politely first, then by force: in the end no process of it is left, and its port is closed. */
function stop(place: LocalPlace, { workload, epoch, key }: HandChange & { readonly workload: WorkloadSpec }): Written {
  const { port } = processOf(workload);
  const of = processes(place, workload);
  return {
    tells: [`Its processes carry the mark of the workload; the last one that was recorded is in instances.json.`],
    blocks: [
      act(
        `for pid in $(pids_of ${of}); do kill -TERM "$pid" 2> /dev/null || true; done`,
        `ended() { [ -z "$(pids_of ${of})" ]; }`,
        `within ${Math.max(1, Math.ceil(workload.stopGraceSeconds))} ended || for pid in $(pids_of ${of}); do kill -KILL "$pid"; done`,
        'within 5 ended',
        `append_record "${workloadFolder(place, workload)}/instances.json" "$(cat <<EOF`,
        shellJson({ kind: 'stopped', epoch: number(epoch), operationKey: key }).slice(0, -1),
        'EOF',
        ')"',
      ),
      see(`pids_of ${of} | wc -l; port_state ${place.site.address} ${port}`, '0\nclosed'),
    ],
  };
}

/** With the environment that the driver gives it; nothing else of the terminal reaches it. */
function start(place: LocalPlace, { workload, epoch, key }: StartByHand): Written {
  const { site, group } = place;
  const { command, port, env } = processOf(workload);
  const [program = '', ...args] = command;
  const folder = workloadFolder(place, workload);
  const of = processes(place, workload);
  const volumes = workload.volumes.map((name) => [variable(name), `${volumeFolder(place, name)}/data`] as const);
  const variables = [
    ...Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`),
    `SWITCHBACK_GROUP=${quoted(group)} SWITCHBACK_SITE=${quoted(site.name)} SWITCHBACK_ADDRESS=${site.address}`,
    `SWITCHBACK_PORT=${port} SWITCHBACK_EPOCH=${epoch} SWITCHBACK_FENCE_FILE="${groupFolder(place)}/fence.json"`,
    `SWITCHBACK_ISOLATED_MARKER="${siteFolder(site)}/isolated"`,
    ...volumes.map(([name, data]) => `SWITCHBACK_VOLUME_${name}="${data}"`),
  ];
  const started = [program === 'node' ? 'node' : `"$(in_runbooks ${quoted(program)})"`, ...args.map(argument)].join(
    ' ',
  );
  return {
    tells: [`${workload.name} is the program ${command.map(quoted).join(' ')}.`],
    blocks: [
      act(
        `mkdir -p "${folder}"${volumes.map(([, data]) => ` "${data}"`).join('')}`,
        `answers() { [ "$(port_state ${site.address} ${port})" = open ]; }`,
        `if [ -z "$(pids_of ${of})" ]; then`,
        `  MARK="$(instance_mark ${of}):${epoch}:$(cat /proc/sys/kernel/random/uuid)"`,
        `  (cd "${folder}" && exec env -i PATH="$PATH" HOME="$HOME" \\`,
        ...variables.map((line) => `    ${line} \\`),
        `    SWITCHBACK_INSTANCE="$MARK" setsid ${started} >> output.log 2>&1 < /dev/null) &`,
        '  within 20 answers',
        `  PID=$(pids_of ${of} | head -n 1)`,
        `  append_record "${folder}/instances.json" "$(cat <<EOF`,
        shellJson({
          kind: 'running',
          epoch: number(epoch),
          operationKey: key,
          mark: '$MARK',
          process: {
            pid: number('$PID'),
            startTime: `$(sed 's/.*) //' /proc/$PID/stat | cut -d ' ' -f 20)`,
            bootId: '$(cat /proc/sys/kernel/random/boot_id)',
          },
        }).slice(0, -1),
        'EOF',
        ')"',
        'fi',
      ),
      see(`port_state ${site.address} ${port}`, 'open'),
    ],
  };
}

/** A file of the runbook's folder, when it is one there. */
const argument = (word: string): string =>
  word.startsWith('-') || word.startsWith('/') || word === '' ? quoted(word) : `"$(in_runbooks ${quoted(word)})"`;

function fence(place: LocalPlace, { epoch, key, fencing }: HandChange & { readonly fencing: string }): Written {
  const file = `${groupFolder(place)}/fence.json`;
  return {
    tells: ['Each workload looks at this file before it acknowledges a write.'],
    blocks: [
      act(
        `append_record "${file}" "$(cat <<EOF`,
        shellJson({ epoch: number(epoch), fencing, operationKey: key }).slice(0, -1),
        'EOF',
        ')"',
      ),
      see(
        `[ "$(tail -n 1 "${file}" | grep -o '"epoch": *[0-9]*' | grep -o '[0-9]*$')" = "${epoch}" ] && echo ${fencing}`,
        fencing,
      ),
    ],
  };
}

export const localWorkloads: Pick<SitePaper<LocalSite>, 'stop' | 'start' | 'fence'> = { stop, start, fence };
