import { stagedKinds, type StagePolicy } from '../model/stage';
import { acceptedSeconds } from './duration';
import type { WrittenRunbook } from './schema';

/** Kinds in the order in which they are made at the standby, each once. */
export function stagePolicyOf(written: NonNullable<WrittenRunbook['stage']>): StagePolicy {
  const { every, kinds, customResources, except, storageClasses, images, ingressHosts } = written;
  return {
    everySeconds: acceptedSeconds(every),
    kinds: stagedKinds.filter((kind) => kinds.includes(kind)),
    customResources,
    except,
    maps: { storageClasses, images, ingressHosts },
  };
}
