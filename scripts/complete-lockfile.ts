import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  addressedPackages,
  completeLockfile,
  missingPlatformPackages,
  type Lockfile,
} from './lockfile/missing-platform-packages';

/**
 * `npm run lockfile` after every change of dependencies; `npm run lockfile -- --check` only looks and fails when the
 * lockfile would not do for every platform.
 */
const file = path.join(__dirname, '..', 'package-lock.json');
const lockfile = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
const missing = missingPlatformPackages(lockfile).map(({ place }) => place);
const addressed = addressedPackages(lockfile);

if (addressed.length > 0) {
  console.error(
    `package-lock.json names download addresses; keep .npmrc as it is and install again:\n${lines(addressed)}`,
  );
  process.exitCode = 1;
} else if (missing.length === 0) {
  console.log('package-lock.json has the packages of every platform');
} else if (process.argv.includes('--check')) {
  console.error(`package-lock.json lacks platform packages; run \`npm run lockfile\`:\n${lines(missing)}`);
  process.exitCode = 1;
} else {
  writeFileSync(file, `${JSON.stringify(completeLockfile(lockfile), null, 2)}\n`);
  console.log(`package-lock.json: added\n${lines(missing)}`);
}

function lines(places: readonly string[]): string {
  return places.map((place) => `  ${place}`).join('\n');
}
