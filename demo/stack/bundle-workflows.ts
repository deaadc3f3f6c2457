import { workflowBundle } from '../../workers/workflow-bundle';

/** A program: makes the bundle that the worker is going to look for, while other things start. */
workflowBundle().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
