import { ApplicationFailure, type ActivateInput, type WorkflowInterceptors } from '@temporalio/workflow';
import { QUERY_TOO_EARLY } from '../core/model/query-too-early';

type Activation = ActivateInput['activation'];

/**
 * Keeps a query from moving a run ahead of its history, for each run of each workflow type.
 *
 * A query that waited for a worker comes to it with all events so far, those included that no workflow task has handled yet.
 * The SDK (1.24) applies these for the query as if their task had come, with the clock of the task before; when it does come,
 * its updates are handled after them, where a replay handles updates first, and with the new time. The history then holds
 * commands that no replay gives again (TMPRL1100), and the run and its group are stuck: seen after worker crashes, while
 * somebody looked at the run. So such a query fails, by which the SDK forgets the run and reads it anew for its next task.
 */
export function interceptors(): WorkflowInterceptors {
  let last: Activation | undefined;
  let ahead = false;
  return {
    internals: [
      {
        activate(input, next) {
          const { activation } = input;
          if (isLegacyQuery(activation)) {
            if (ahead) throw ApplicationFailure.nonRetryable(QUERY_TOO_EARLY, 'QueryTooEarly');
          } else if (!isAnswering(activation)) {
            ahead = isAhead(activation, last) || (ahead && isSameTask(activation, last));
            last = activation;
          }
          next(input);
        },
      },
    ],
  };
}

/** A query that is no part of a workflow task is told apart by this id (`LEGACY_QUERY_ID` in the SDK's core). */
const isLegacyQuery = ({ jobs }: Activation): boolean =>
  jobs?.some(({ queryWorkflow }) => queryWorkflow?.queryId === 'legacy_query') === true;

const isAnswering = ({ jobs }: Activation): boolean => jobs?.some((job) => Boolean(job.queryWorkflow)) === true;

/** New events without a new workflow task: each task has the time when it was started. */
const isAhead = (activation: Activation, last: Activation | undefined): boolean =>
  last !== undefined &&
  activation.isReplaying !== true &&
  (activation.historyLength ?? 0) > (last.historyLength ?? 0) &&
  isSameTask(activation, last);

const isSameTask = (activation: Activation, last: Activation | undefined): boolean =>
  Number(activation.timestamp?.seconds) === Number(last?.timestamp?.seconds) &&
  activation.timestamp?.nanos === last?.timestamp?.nanos;
