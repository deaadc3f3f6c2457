export interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockEntry>>;
  readonly [field: string]: unknown;
}

/** The entry that npm needs to find, keyed by its place in the lockfile ("node_modules/@swc/core-darwin-arm64"). */
export interface MissingEntry {
  readonly place: string;
  readonly entry: {
    readonly version: string;
    readonly cpu: readonly string[];
    readonly dev?: true;
    readonly libc?: readonly string[];
    readonly optional: true;
    readonly os: readonly string[];
  };
}

const platforms = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/**
 * npm leaves a platform package out of the lockfile when the registry does not serve it to this machine; `npm ci` then
 * refuses the lockfile, and on the platform in question nothing would be installed. Returns the entries that are missing.
 * Throws an Error when the platform cannot be read from a package's name or a version is not exact.
 */
export function missingPlatformPackages(lockfile: Lockfile): readonly MissingEntry[] {
  const missing = new Map<string, MissingEntry>();
  for (const [parent, { optionalDependencies, dev }] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      if (isLocked(lockfile, parent, name)) continue;
      const place = `node_modules/${name}`;
      missing.set(place, { place, entry: entryOf(name, version, dev === true) });
    }
  }
  return [...missing.values()];
}

/** The lockfile with the missing entries added; places in the order that npm itself writes. */
export function completeLockfile(lockfile: Lockfile): Lockfile {
  const packages: Record<string, LockEntry> = { ...lockfile.packages };
  for (const { place, entry } of missingPlatformPackages(lockfile)) packages[place] = entry;
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lockfile, packages: Object.fromEntries(sorted) };
}

/** Places whose `resolved` is a download address: it would tie the installation to one registry. */
export function addressedPackages(lockfile: Lockfile): readonly string[] {
  return Object.entries(lockfile.packages)
    .filter(([, entry]) => entry.resolved !== undefined && /^https?:/.test(entry.resolved))
    .map(([place]) => place);
}

/** Node's look-up: beside the parent first, then up to the root. */
function isLocked(lockfile: Lockfile, parent: string, name: string): boolean {
  for (let folder = parent; ;) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (Object.hasOwn(lockfile.packages, place)) return true;
    if (folder === '') return false;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  }
}

function entryOf(name: string, version: string, dev: boolean): MissingEntry['entry'] {
  const words = name.split(/[/-]/);
  const os = words.find((word) => platforms.includes(word));
  const cpu = words.find((word) => processors.includes(word));
  if (os === undefined || cpu === undefined) {
    throw new Error(`cannot tell the platform of the optional package "${name}" from its name`);
  }
  if (!/^\d/.test(version)) throw new Error(`optional package "${name}": version "${version}" is not exact`);
  const libc = words.includes('musl') ? ['musl'] : os === 'linux' && words.includes('gnu') ? ['glibc'] : undefined;
  return { version, cpu: [cpu], ...(dev && { dev }), ...(libc && { libc }), optional: true, os: [os] };
}
