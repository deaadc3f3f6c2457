import type { SiteSpec } from '../model/site';
import type { StagePolicy } from '../model/stage';
import type { VolumeSpec } from '../model/volume';
import type { ActiveInstances, WorkloadSpec } from '../model/workload';
import type { Written } from './paper';
import type { PaperContext } from './paper-context';

/** A group at a site; of the copy of a drill under its name and at its address. */
export interface Place<Site extends SiteSpec = SiteSpec> {
  readonly context: PaperContext;
  readonly site: Site;
  readonly group: string;
}

/** A change of something by hand: with which epoch, as the shell knows it, and under which key it is written down. */
export interface HandChange {
  readonly epoch: string;
  readonly key: string;
}

export interface StartByHand extends HandChange {
  readonly workload: WorkloadSpec;
  /** Where it ran before: how many instances there were is written down there. */
  readonly before: Place;
  /** What was known of the instances when the plan was compiled. */
  readonly instances?: ActiveInstances;
}

/** What is written down of a volume. `asOf`: an instant, as the shell knows it. */
export interface VolumeState {
  readonly role: 'active' | 'replica';
  readonly epoch: string;
  readonly asOf?: string;
}

/** What people do at the sites of one driver. Commands end well when they are repeated. */
export interface SitePaper<Site extends SiteSpec = SiteSpec> {
  /** Lines of the settings file; the same line of both sites stands there once. */
  settings(place: Place<Site>): readonly string[];
  /** A command that prints every epoch that is written down at the site, one a line. */
  epochs(place: Place<Site>): string;
  /** Ends what of Switchback still acts at the site. */
  quiet(place: Place<Site>): Written;
  verify(place: Place<Site>): Written;
  stop(place: Place<Site>, change: HandChange & { readonly workload: WorkloadSpec }): Written;
  start(place: Place<Site>, start: StartByHand): Written;
  fence(place: Place<Site>, change: HandChange & { readonly fencing: 'fenced' | 'unfenced' }): Written;
  /** What has to be there while a volume is read or written, and how it is taken away again. */
  access(
    place: Place<Site>,
    volume: VolumeSpec,
  ): { readonly open: readonly string[]; readonly close: readonly string[] };
  /** A command that prints the content of the volume as a tar archive. */
  read(place: Place<Site>, volume: VolumeSpec): string;
  /** A command that makes the volume what the archive on its standard input is. */
  write(place: Place<Site>, volume: VolumeSpec): string;
  /** A command that prints one digest over the names and contents of all files; it may leave the folder that it is typed in. */
  digest(place: Place<Site>, volume: VolumeSpec): string;
  /** A command that writes down whose the volume is. */
  record(place: Place<Site>, volume: VolumeSpec, state: VolumeState): string;
  /** A command that prints what is written down of the volume. */
  recorded(place: Place<Site>, volume: VolumeSpec): string;
  /** Prints a recovery point that Switchback has taken, as a tar archive; `open` and `close` as of `access`. */
  readPoint(
    place: Place<Site>,
    volume: VolumeSpec,
    point: string,
  ): { readonly open: readonly string[]; readonly command: string; readonly close: readonly string[] };
  stage(from: Place<Site>, to: Place<Site>, policy: StagePolicy | undefined): Written;
  prepareCopy(place: Place<Site>): Written;
  removeCopy(place: Place<Site>): Written;
}
