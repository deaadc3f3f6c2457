import type { PlanStep } from '../model/plan';
import type { VolumeSpec } from '../model/volume';
import { act, see, type Written } from './paper';
import { epochWord, groupOf, siteOf, sitesOf, volumeOf, type PaperContext } from './paper-context';
import type { Place, SitePaper } from './site-paper';
import { placeAt, sitePaper } from './sites';

/** A volume of a step: where it is, and what people do there. */
interface VolumeAt {
  readonly paper: SitePaper;
  readonly place: Place;
  readonly volume: VolumeSpec;
}

const at = (context: PaperContext, step: PlanStep, site = sitesOf(context, step).site): VolumeAt => ({
  paper: sitePaper(site),
  place: placeAt(context, site, groupOf(context, step)),
  volume: volumeOf(context, step),
});

const sourceOf = (context: PaperContext, step: PlanStep): VolumeAt =>
  at(context, step, siteOf(context, step.input.source ?? context.plan.from));

const AS_OF = 'AS_OF=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)';

const copied = (from: VolumeAt, to: VolumeAt): readonly string[] => [
  'set -o pipefail',
  `${from.paper.read(from.place, from.volume)} | ${to.paper.write(to.place, to.volume)}`,
];

const opened = (...volumes: readonly VolumeAt[]): readonly string[] =>
  volumes.flatMap(({ paper, place, volume }) => paper.access(place, volume).open);
const closed = (...volumes: readonly VolumeAt[]): readonly string[] =>
  volumes.flatMap(({ paper, place, volume }) => paper.access(place, volume).close);
const recorded = (
  { paper, place, volume }: VolumeAt,
  role: 'active' | 'replica',
  epoch: string,
  asOf?: string,
): string => paper.record(place, volume, { role, epoch, ...(asOf !== undefined && { asOf }) });

/** While the volume is in use: what is copied here need not be copied while the service is down. */
export function syncPaper(context: PaperContext, step: PlanStep): Written {
  const [from, to] = [sourceOf(context, step), at(context, step)];
  const epoch = epochWord(context.plan, step.input.epoch);
  return {
    tells: [
      'The volume may be in use meanwhile. Where it can be mounted by one node only, and that does not let a second pod in, leave this step out: the final copy takes longer then.',
    ],
    blocks: [
      act(
        ...opened(from, to),
        AS_OF,
        ...copied(from, to),
        recorded(to, 'replica', epoch, '$AS_OF'),
        ...closed(from, to),
      ),
    ],
  };
}

/** Nobody writes any more: both sides must be equal afterwards, and are compared by their contents. */
export function finalSyncPaper(context: PaperContext, step: PlanStep): Written {
  const [from, to] = [sourceOf(context, step), at(context, step)];
  const epoch = epochWord(context.plan, step.input.epoch);
  const digest = ({ paper, place, volume }: VolumeAt): string => `"$(${paper.digest(place, volume)})"`;
  return {
    tells: ['Nothing writes to the volume at either site by now. When the contents differ, copy once more.'],
    blocks: [
      act(...opened(from, to), ...copied(from, to)),
      see(`[ ${digest(from)} = ${digest(to)} ] && echo equal`, 'equal'),
      act(AS_OF, recorded(to, 'replica', epoch, '$AS_OF'), ...closed(from, to)),
    ],
  };
}

/** Whoever looks after the volume later knows by it which side has the newer data. */
export function claimPaper(context: PaperContext, step: PlanStep): Written {
  const volume = at(context, step);
  const epoch = epochWord(context.plan, step.input.epoch);
  const { paper, place, volume: spec } = volume;
  return {
    blocks: [
      act(recorded(volume, 'active', epoch)),
      see(
        `${paper.recorded(place, spec)} | grep -q '"role":"active","epoch":'"${epoch}"'[,}]' && echo active`,
        'active',
      ),
    ],
  };
}

/** The file in which the person who does the step keeps what the volume held. */
const pointFile = (id: string): string => `${id.replaceAll(/[^\w.-]+/g, '-')}.tar`;

export function capturePaper(context: PaperContext, step: PlanStep): Written {
  const volume = at(context, step);
  const file = pointFile(step.id);
  return {
    tells: [`Kept in this folder as ${file}: see that there is room for all of it, and that nobody else reads it.`],
    blocks: [
      act(
        ...opened(volume),
        `(umask 077 && ${volume.paper.read(volume.place, volume.volume)} > ${file})`,
        ...closed(volume),
      ),
      see(`tar -tf ${file} > /dev/null && echo complete`, 'complete'),
    ],
  };
}

/** "latest" is the replica as it is: there is nothing to restore. */
export function restorePaper(context: PaperContext, step: PlanStep): Written {
  const volume = at(context, step);
  const { pointOf, point = 'latest' } = step.input;
  if (pointOf !== undefined) {
    return {
      tells: [`From what was kept in ${pointFile(pointOf)}.`],
      blocks: [
        act(
          ...opened(volume),
          'set -o pipefail',
          `cat ${pointFile(pointOf)} | ${volume.paper.write(volume.place, volume.volume)}`,
          recorded(volume, 'replica', '$FROM'),
          ...closed(volume),
        ),
      ],
    };
  }
  if (point === 'latest')
    return {
      tells: [
        'The replica is taken as it is: nothing is copied. What was written after its last pass is lost, and this shows when that was:',
      ],
      blocks: [act(volume.paper.recorded(volume.place, volume.volume))],
    };
  return fromPoint(volume, volume, point);
}

function fromPoint(source: VolumeAt, target: VolumeAt, point: string): Written {
  const { open, command, close } = source.paper.readPoint(source.place, source.volume, point);
  return {
    blocks: [
      act(
        ...open,
        ...opened(target),
        'set -o pipefail',
        `${command} | ${target.paper.write(target.place, target.volume)}`,
        ...close,
        ...closed(target),
      ),
    ],
  };
}

/** Of a drill: the replica, or one of its points, becomes a volume of the copy. */
export function copyPaper(context: PaperContext, step: PlanStep): Written {
  const { site } = sitesOf(context, step);
  const target = at(context, step);
  const source: VolumeAt = { ...target, place: placeAt(context, site, context.plan.group) };
  const { point = 'latest' } = step.input;
  const epoch = epochWord(context.plan, step.input.epoch);
  const claim = act(recorded(target, 'active', epoch));
  const tells = ['In a cluster, make a claim of the same name and size in the namespace of the copy first.'];
  if (point !== 'latest') return { tells, blocks: [...(fromPoint(source, target, point).blocks ?? []), claim] };
  return {
    tells,
    blocks: [act(...opened(source, target), ...copied(source, target), ...closed(source, target)), claim],
  };
}

/** How far the replica is behind: nothing replicates meanwhile, so it is looked at and not waited for. */
export function lagPaper(context: PaperContext, step: PlanStep): Written {
  const { paper, place, volume } = at(context, step);
  const committed = context.plan.steps.findIndex(({ id }) => id === context.plan.commitStep);
  const after = context.plan.steps.findIndex(({ id }) => id === step.id) > committed;
  const last = `${paper.recorded(place, volume)} | grep -o '"asOf": *"[^"]*"' | head -n 1`;
  return {
    tells: [
      after
        ? 'Replication begins again when Switchback has the group back: then see with switchback status that the lag comes within the objective. Until then nothing protects the service.'
        : `Nothing replicates while Switchback is away, so this is not waited for: a planned move copies the rest. The objective is ${step.input.seconds ?? 0} s.`,
    ],
    blocks: [act(`${last} || echo nothing is written down`)],
  };
}
