import { createLocalReplication } from '../../../drivers/local/replication/local-replication';
import type { CaptureRequest, Mutation, RestoreRequest, SyncRequest } from '../../../drivers/ports';
import { lyon, orders, quiet } from '../../unit/drivers/local-replication/lab';

/** One call of the driver in a process of its own, which the tests kill or suspend at a failpoint. */
export type OneCall =
  | { readonly call: 'sync'; readonly request: SyncRequest }
  | { readonly call: 'capture'; readonly request: CaptureRequest }
  | { readonly call: 'restore'; readonly request: RestoreRequest }
  | { readonly call: 'claim'; readonly request: Mutation };

async function run(labFolder: string, work: OneCall): Promise<unknown> {
  const driver = createLocalReplication({ labFolder });
  switch (work.call) {
    case 'sync':
      return driver.sync(work.request, quiet());
    case 'capture':
      return driver.capture(work.request, quiet());
    case 'restore':
      return driver.restore(work.request, quiet());
    case 'claim':
      return driver.claim(lyon, orders, work.request, quiet());
  }
}

/** Prints "done", or the code of the failure. */
if (require.main === module) {
  const [labFolder = '', work = ''] = process.argv.slice(2);
  run(labFolder, JSON.parse(work) as OneCall).then(
    () => process.stdout.write('done'),
    (error: { code?: string; message: string }) => process.stdout.write(error.code ?? error.message),
  );
}
