import type { ReleaseRequest } from '../../activities/group-contract';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { StepRequest } from '../../activities/contract';
import type { StepOutcomeLabel } from '../../core/model/metrics';
import { stepKinds, type StepKind } from '../../core/model/step-kinds';
import { aboutRequest, type About } from './about-request';
import type { WorkFigures } from './work-figures';

export interface Observers {
  /** Absent: nobody asks for metrics. */
  readonly figures?: Pick<WorkFigures, 'runEnded' | 'stepEnded'>;
  /** Told of each activity before it begins. */
  readonly begins?: (about: About) => void;
}

const isStep = (activity: string): activity is StepKind => activity in stepKinds;

/** Measures steps, counts runs, and says in every line of an activity's log which run, step and site it is about. */
export const observeActivities =
  ({ figures, begins }: Observers): ActivityInterceptorsFactory =>
  (context) => {
    const { activityType } = context.info;
    let about: About = {};
    return {
      inbound: {
        async execute(input, next) {
          const [request] = input.args;
          about = aboutRequest(request);
          begins?.(about);
          if (!isStep(activityType)) {
            const answer = await next(input);
            // Attempted again, because its end was lost, it is told that the group knows: each run counts once.
            if (activityType === 'releaseGroup' && answer === true) runEnded(figures, request as ReleaseRequest);
            return answer;
          }
          const started = performance.now();
          const ended = (result: StepOutcomeLabel): number => {
            const seconds = (performance.now() - started) / 1000;
            figures?.stepEnded(activityType, result, seconds);
            return Math.round(seconds * 1000) / 1000;
          };
          const { title } = (request as StepRequest).step;
          try {
            const answer = await next(input);
            context.log.info(`step done: ${title}`, { seconds: ended('done') });
            return answer;
          } catch (error) {
            const result = context.cancellationSignal.aborted ? 'cancelled' : 'failed';
            context.log.warn(`step ${result}: ${title}`, { seconds: ended(result), error });
            throw error;
          }
        },
      },
      outbound: { getLogAttributes: (input, next) => next({ ...input, ...about }) },
    };
  };

const runEnded = (figures: Observers['figures'], { group, summary }: ReleaseRequest): void =>
  figures?.runEnded(group, summary.operation, summary.verdict);
