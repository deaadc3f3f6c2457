import { ApplicationFailure, NamespaceNotFoundError, TerminatedFailure } from '@temporalio/common';
import { QueryNotRegisteredError, ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { asFailure } from '../../../cli/temporal/failures';

const service = (details: string): Error =>
  new ServiceError('Failed to query Workflow', { cause: Object.assign(new Error('grpc'), { details }) });

const failed = (type: string): Error =>
  new WorkflowFailedError(
    'Workflow execution failed',
    new Error('activity failed', { cause: ApplicationFailure.nonRetryable('group "shop" is held', type) }),
    'NON_RETRYABLE_FAILURE',
  );

test.each([
  ['a failure with a code of ours keeps it', failed('GroupBusy'), 'GroupBusy', 'group "shop" is held'],
  ['a failure with a foreign type has no code of its own', failed('TypeError'), 'StepFailed', 'group "shop" is held'],
  ['an unknown run', new WorkflowNotFoundError('not found', 'x', undefined), 'RunNotFound', 'switchback status'],
  ['no worker in time', service('context deadline exceeded'), 'NoWorker', 'switchback worker'],
  ['a deadline that is told as a cancelled call', service('Call cancelled'), 'NoWorker', 'switchback worker'],
  [
    'a query that nobody took',
    service('query timed out before a worker could process it'),
    'NoWorker',
    'switchback worker',
  ],
  ['no poller', service('no poller seen for task queue recently'), 'NoWorker', 'goes on when a worker is back'],
  ['a server that is gone', service('No connection established'), 'TemporalUnavailable', 'No connection'],
  ['a namespace that is not there', new NamespaceNotFoundError('nope'), 'InvalidInput', 'nope'],
  [
    'a run that was ended by hand',
    new Error('failed', { cause: new TerminatedFailure('by hand') }),
    'StepFailed',
    'it was terminated: by hand',
  ],
  ['a workflow that is no run', new QueryNotRegisteredError('did not find a handler', 3), 'InvalidInput', 'handler'],
])('%s', (_title, error, code, says) => {
  const failure = asFailure(error, 'run x', (text) => text);
  expect(failure.code).toBe(code);
  expect(failure.message).toContain(says);
});

test.each([
  ['in a failure of the run', failed('GroupBusy')],
  ['in a failure of a foreign type', failed('TypeError')],
  ['in what the server says', service('PERMISSION_DENIED: of "shop"')],
  ['in a loss of the connection', service('No connection established to "shop"')],
])('what must not be told is masked %s', (_where, error) => {
  const { message } = asFailure(error, 'run x', (text) => text.replaceAll('shop', '***'));
  expect(message).toContain('***');
  expect(message).not.toContain('shop');
});
