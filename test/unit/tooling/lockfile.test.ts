import lockfile from '../../../package-lock.json';
import {
  addressedPackages,
  completeLockfile,
  missingPlatformPackages,
  type LockEntry,
  type Lockfile,
} from '../../../scripts/lockfile/missing-platform-packages';

const lock = (packages: Record<string, LockEntry>): Lockfile => ({ lockfileVersion: 3, packages });
const parent = (optionalDependencies: Record<string, string>, more: LockEntry = {}): LockEntry => ({
  version: '1.0.0',
  ...more,
  optionalDependencies,
});

test('the committed lockfile has the packages of every platform and no download address', () => {
  const committed = lockfile as unknown as Lockfile;
  expect(missingPlatformPackages(committed)).toEqual([]);
  expect(addressedPackages(committed)).toEqual([]);
});

test.each([
  ['@swc/core-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['@swc/core-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
  ['@swc/core-linux-s390x-gnu', { os: ['linux'], cpu: ['s390x'], libc: ['glibc'] }],
  ['@unrs/resolver-binding-linux-riscv64-musl', { os: ['linux'], cpu: ['riscv64'], libc: ['musl'] }],
  ['@unrs/resolver-binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'] }],
])('%s is added for its own platform, without an integrity that nobody computed', (name, platform) => {
  const completed = completeLockfile(lock({ 'node_modules/binding': parent({ [name]: '1.2.3' }) }));
  expect(completed.packages[`node_modules/${name}`]).toEqual({ version: '1.2.3', optional: true, ...platform });
});

test('a platform package of a development tool is marked as one', () => {
  const [missing] = missingPlatformPackages(
    lock({ 'node_modules/tool': parent({ '@tool/darwin-x64': '1.0.0' }, { dev: true }) }),
  );
  expect(missing?.entry.dev).toBe(true);
});

test.each([
  ['beside the parent', 'node_modules/a/node_modules/b/node_modules/@b/linux-x64'],
  ['further up', 'node_modules/a/node_modules/@b/linux-x64'],
  ['at the root', 'node_modules/@b/linux-x64'],
])('a package that is locked %s is not missing', (_, place) => {
  const nested = {
    'node_modules/a/node_modules/b': parent({ '@b/linux-x64': '1.0.0' }),
    [place]: { version: '1.0.0' },
  };
  expect(missingPlatformPackages(lock(nested))).toEqual([]);
});

test('a second completion changes nothing', () => {
  const once = completeLockfile(lock({ 'node_modules/a': parent({ '@a/darwin-x64': '1.0.0' }) }));
  expect(completeLockfile(once)).toEqual(once);
});

test.each([
  ['a name that tells no platform', { '@a/mystery': '1.0.0' }, /platform of the optional package "@a\/mystery"/],
  ['a range instead of a version', { '@a/darwin-x64': '^1.0.0' }, /"\^1\.0\.0" is not exact/],
])('%s is refused instead of guessed', (_, optionalDependencies, message) => {
  expect(() => missingPlatformPackages(lock({ 'node_modules/a': parent(optionalDependencies) }))).toThrow(message);
});

test('a download address is found', () => {
  const addressed = lock({
    'node_modules/a': { resolved: 'https://registry.example/a.tgz' },
    'node_modules/b': { resolved: '../b' },
  });
  expect(addressedPackages(addressed)).toEqual(['node_modules/a']);
});
