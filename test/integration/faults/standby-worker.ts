import { createRequire } from 'node:module';
import '../../../workers/local-drivers';
import '../../../workers/run-workers';

/**
 * A program: workers/main.ts with everything loaded ahead, so that a worker that dies is replaced at once. It waits for one
 * message, what to add to its environment, and ends with its parent.
 */
process.once('message', (environment: Record<string, string>) => {
  Object.assign(process.env, environment);
  process.channel?.unref();
  createRequire(__filename)('../../../workers/main');
});
process.once('disconnect', () => process.exit(1));
