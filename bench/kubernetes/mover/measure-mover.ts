import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { labDown, labUp } from '../../../lab/lab-commands';
import { whyNoRealNodes } from '../../../lab/kubernetes/nodes/machine-needs';
import { median } from '../../measure/median';
import { changeBlocks, fillVolume, volumeBytes } from './blocks';
import { withPlainRsync } from './plain-rsync';
import { replicatedVolume, type ReplicatedVolume } from './replicated-volume';

/** What the final delta of a volume took, over what plain rsync took; null with the reason. */
export interface MoverRatio {
  readonly ratio: number | null;
  readonly how: string;
}

type Say = (line: string) => void;

const rounds = 3;

/**
 * A claim of 1 GiB, 16 files of 64 MiB, at each cluster of a lab with real nodes, replicated once; what is measured comes after that.
 * Then 1 % of its blocks of 64 KiB change, and the final sync of the Kubernetes driver is timed, from its call to its result: Jobs,
 * keys, pods, copy, SHA-256 of the whole content of both sides, swap. Compared with `rsync -a --delete` over SSH on loopback between
 * the same two folders after a change of the same size, in turn the one and the other first.
 */
export async function measureMover(say: Say): Promise<MoverRatio> {
  const why = whyNoRealNodes();
  if (why !== undefined) return { ratio: null, how: `not measured: ${why}` };
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-mover-'));
  const lab = { folder, say };
  try {
    await labUp(lab, 'real');
    const volume = await replicatedVolume(folder, fillVolume);
    try {
      return await compared(volume, say);
    } finally {
      volume.close();
    }
  } finally {
    await labDown(lab);
    await rm(folder, { recursive: true, force: true });
  }
}

async function compared(volume: ReplicatedVolume, say: Say): Promise<MoverRatio> {
  const { source, target } = volume.folders;
  return withPlainRsync(async (plainRsync) => {
    const timed = async (copy: () => Promise<unknown>): Promise<number> => {
      await changeBlocks(source);
      const since = performance.now();
      await copy();
      return (performance.now() - since) / 1000;
    };
    const measured: { readonly mover: number; readonly rsync: number }[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const byMover = async () => timed(async () => volume.finalSync(`final-${round}`));
      const byRsync = async () => timed(async () => plainRsync(source, target));
      const moverFirst = round % 2 === 0 ? await byMover() : undefined;
      const rsync = await byRsync();
      const mover = moverFirst ?? (await byMover());
      say(`round ${round}: final sync ${mover.toFixed(2)} s, plain rsync ${rsync.toFixed(2)} s`);
      measured.push({ mover, rsync });
    }
    return {
      // Of what was measured one after the other: what else the machine does changes from round to round.
      ratio: median(measured.map(({ mover, rsync }) => mover / rsync)),
      how: `${volumeBytes / 2 ** 30} GiB, 1 % of it changed, real pods; final sync with proof ${seconds(measured.map(({ mover }) => mover))}, rsync -a --delete over SSH ${seconds(measured.map(({ rsync }) => rsync))}; medians of ${rounds}`,
    };
  });
}

const seconds = (values: readonly number[]): string => `${median(values).toFixed(2)} s`;
