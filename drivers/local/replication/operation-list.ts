import type { Pass } from './pass-state';
import { parentOf, type RawPath } from './tree/raw-path';
import type { TreeEntry } from './tree/scan-tree';
import type { JournalOperation } from './volume/apply-operations';

/** Collects the operations of a pass, and puts them into the order in which they can be carried out. */
export class OperationList {
  private readonly open = new Set<RawPath>();
  private readonly removals: JournalOperation[] = [];
  private readonly puts: JournalOperation[] = [];
  private readonly sets: JournalOperation[] = [];
  private readonly folders = new Map<RawPath, TreeEntry>();
  /** Paths that go to the trash, each as a whole. */
  readonly trashed = new Set<RawPath>();

  constructor(private readonly pass: Pass) {}

  trash(path: RawPath): void {
    this.trashed.add(path);
    this.removals.push({ do: 'trash', path, slot: this.pass.nextSlot() });
    this.touch(parentOf(path));
  }

  put(path: RawPath, slot: string): void {
    this.puts.push({ do: 'put', path, slot });
    if (path !== '') this.touch(parentOf(path));
  }

  /** Mode, time and owner of a file or link that stays where it is. */
  set(entry: TreeEntry): void {
    this.sets.push(setting(entry));
  }

  setFolder(entry: TreeEntry): void {
    this.folders.set(entry.path, entry);
  }

  inOrder(): readonly JournalOperation[] {
    // The deepest first: the mode of a folder may close the way to what is below it.
    const folders = [...this.folders.values()].reverse().sort((a, b) => b.path.length - a.path.length);
    const open = [...this.open].map((path): JournalOperation => ({ do: 'open', path }));
    return [...open, ...this.removals, ...this.puts, ...this.sets, ...folders.map(setting)];
  }

  /** A change in a folder moves its time, so that it must be set again; and the folder must be open for the change. */
  private touch(folder: RawPath): void {
    const source = this.pass.source.tree.get(folder);
    if (source?.kind === 'dir') this.folders.set(folder, source);
    const target = this.pass.target.tree.get(folder);
    if (target?.kind === 'dir' && (target.mode & 0o700) !== 0o700) this.open.add(folder);
  }
}

function setting({ path, kind, mode, uid, gid, mtimeMs }: TreeEntry): JournalOperation {
  return { do: 'set', path, kind, mode, uid, gid, mtimeMs };
}
