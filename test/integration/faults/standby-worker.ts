import { createRequire } from 'node:module';
import '../../../workers/local-drivers';
import '../../../workers/run-workers';

/**
 * A program: workers/main.ts with everything loaded ahead, so that a worker that dies is replaced at once. It waits for one
 * message, the failpoints of its life, and ends with its parent.
 */
process.once('message', (failpoints: string) => {
  process.env['SWITCHBACK_FAILPOINT'] = failpoints;
  process.channel?.unref();
  createRequire(__filename)('../../../workers/main');
});
process.once('disconnect', () => process.exit(1));
