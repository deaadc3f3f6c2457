import { ServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { asFailure } from '../../../activities/run-activity';
import { SwitchbackFailure } from '../../../core/model/failure';

const last = { attempt: 5, attempts: 5 };

/** As gRPC hands over what the server answers. */
const answered = (code: number, details: string) =>
  new ServiceError('Workflow Update failed', {
    cause: Object.assign(new Error(`${code} ${details}`), { code, details, metadata: {} }),
  });
const notYet = answered(9, 'Workflow Task in failed state');

describe('what an activity fails with', () => {
  test.each([
    ['a fault that may pass, early', new SwitchbackFailure('SiteUnreachable', 'x'), { attempt: 1, attempts: 5 }, false],
    ['a fault that may pass, at the last attempt', new SwitchbackFailure('SiteUnreachable', 'x'), last, true],
    ['a fault that does not pass', new SwitchbackFailure('Fenced', 'x'), { attempt: 1, attempts: 5 }, true],
    ['any other error, at the last attempt', new Error('x'), last, true],
    ['Temporal that cannot take an update yet, however often', notYet, { attempt: 29, attempts: 5 }, false],
    ['Temporal that refuses for good', answered(3, 'too large'), last, true],
    ['Temporal that does not answer', new WorkflowUpdateRPCTimeoutOrCancelledError('x'), last, false],
  ])('%s', (_case, error, tries, final) => {
    expect(asFailure(error, tries)).toMatchObject({ nonRetryable: final });
  });

  test('says what Temporal said', () => {
    expect(asFailure(notYet, last)).toMatchObject({
      type: 'TemporalUnavailable',
      message: 'Workflow Update failed: 9 Workflow Task in failed state',
    });
  });
});
