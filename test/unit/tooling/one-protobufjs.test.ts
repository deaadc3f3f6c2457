import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dependencies } from '../../../package.json';

/** With two copies, a history read from JSON cannot be replayed: "TypeError: type must be a Type". */
test.each(['proto', 'common', 'worker', 'client'])('@temporalio/%s uses the one protobufjs of package.json', (name) => {
  const ofPackage = createRequire(require.resolve(`@temporalio/${name}`)).resolve('protobufjs/package.json');
  expect(ofPackage).toBe(require.resolve('protobufjs/package.json'));
  const { version } = JSON.parse(readFileSync(ofPackage, 'utf8')) as { version: string };
  expect(version).toBe(dependencies.protobufjs);
});
