import type { LocalSite } from '../../model/site';
import type { VolumeSpec } from '../../model/volume';
import { act, see, type Written } from '../paper';
import { number, quoted, shellJson } from '../shell';
import type { Place, SitePaper, VolumeState } from '../site-paper';
import { groupFolder, siteFolder, volumeFolder } from './local-places';
import { localFunctions } from './local-settings';
import { localWorkloads } from './local-workloads';

/** The version of a volume counts its changes: each that is made by hand counts as well. */
function record(folder: string, volume: VolumeSpec, { role, epoch, asOf }: VolumeState): string {
  const state = {
    version: number('$((${VERSION:-0} + 1))'),
    role,
    epoch: number(epoch),
    ...(asOf && { asOf }),
    done: [],
  };
  return [
    // What passes keep beside the content was of the content before.
    `rm -rf "${folder}/index" "${folder}/staging" "${folder}/journal"`,
    `VERSION=$(grep -o '"version": *[0-9]*' "${folder}/volume.json" 2> /dev/null | grep -o '[0-9]*$' | head -n 1 || true)`,
    `cat > "${folder}/volume.json.new" <<EOF`,
    shellJson(state),
    'EOF',
    `mv "${folder}/volume.json.new" "${folder}/volume.json"`,
  ].join('\n');
}

function withoutCopy(place: Place<LocalSite>): NonNullable<Written['blocks']> {
  const folder = groupFolder(place);
  const ends = place.context.plan.runbook.workloads.flatMap(({ name }) => {
    const of = `"${siteFolder(place.site)}" ${quoted(place.group)} ${quoted(name)}`;
    return [
      `for pid in $(pids_of ${of}); do kill -KILL "$pid" 2> /dev/null || true; done`,
      `ended() { [ -z "$(pids_of ${of})" ]; }`,
      'within 5 ended',
    ];
  });
  return [act(...ends, `rm -rf "${folder}"`), see(`[ -e "${folder}" ] || echo removed`, 'removed')];
}

export const localPaper: SitePaper<LocalSite> = {
  ...localWorkloads,
  settings: ({ context }) => [
    `# The folder that the folders of the sites are in: \`lab\` in the home folder of the workers.`,
    'export LAB="${LAB:-$PWD/.switchback/lab}"',
    '# The folder of the runbook, with the programs that it names.',
    `export RUNBOOKS="\${RUNBOOKS:-${context.runbookFolder}}"`,
    ...localFunctions,
  ],
  epochs: (place) =>
    `cat "${groupFolder(place)}"/fence.json "${groupFolder(place)}"/volumes/*/volume.json "${groupFolder(place)}"/workloads/*/instances.json 2> /dev/null | grep -o '"epoch": *[0-9]*' | grep -o '[0-9]*$'`,
  quiet: () => ({
    tells: [
      'End the worker: ctrl-c in its terminal, or its service. Neither it nor Temporal comes back before the end of this paper.',
    ],
    blocks: [act(`# Lists the workers of this machine that still run.`, `pgrep -af '[w]orkers/main' || true`)],
  }),
  verify: ({ site }) => ({
    tells: ['The folder of the site must be there and not cut off.'],
    blocks: [see(`[ -d "${siteFolder(site)}" ] && [ ! -e "${siteFolder(site)}/isolated" ] && echo there`, 'there')],
  }),
  access: (place, { name }) => ({ open: [`mkdir -p "${volumeFolder(place, name)}/data"`], close: [] }),
  read: (place, { name }) => `tar -C "${volumeFolder(place, name)}/data" -cf - .`,
  write: (place, { name }) => {
    const folder = volumeFolder(place, name);
    const next = `"${folder}/by-hand"`;
    return `{ rm -rf ${next} && mkdir -p ${next} && tar -C ${next} -xpf - && rsync -a --delete ${next}/ "${folder}/data/" && rm -rf ${next}; }`;
  },
  digest: (place, { name }) =>
    `cd "${volumeFolder(place, name)}/data" && find . -type f -exec sha256sum {} + | sort -k 2 | sha256sum`,
  record: (place, volume, state) => record(volumeFolder(place, volume.name), volume, state),
  recorded: (place, { name }) => `cat "${volumeFolder(place, name)}/volume.json"`,
  readPoint: (place, { name }, point) => ({
    open: [],
    command: `tar -C "${volumeFolder(place, name)}/points/${quoted(point)}/data" -cf - .`,
    close: [],
  }),
  stage: () => ({ tells: ['A local site has nothing that is staged.'] }),
  prepareCopy: (place) => ({
    tells: [
      'What an earlier drill left goes first: its processes would hold the ports, and write into what is removed.',
    ],
    blocks: withoutCopy(place),
  }),
  removeCopy: (place) => ({ blocks: withoutCopy(place) }),
};
