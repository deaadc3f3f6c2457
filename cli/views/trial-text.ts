import type { FaultTrial, TrialEnd, TrialFault } from '../../core/model/fault-trial';

/** "stop web at alpha fails", "while rolling back, start web at alpha again is done and its answer lost". */
export function faultText(fault: TrialFault | undefined): string {
  if (fault === undefined) return 'nothing fails';
  const { step, title, moment, during } = fault;
  if (moment === 'closed') return `gate ${step} stays closed`;
  const what = moment === 'before' ? 'fails' : 'is done and its answer lost';
  return `${during === 'rollback' ? 'while rolling back, ' : ''}"${title}" ${what}`;
}

/** What each end is when it is the designed one. */
const designed: Readonly<Partial<Record<TrialEnd, string>>> = {
  completed: 'completed',
  'completed-with-issues': 'completed, without what the runbook lets be left out',
  declined: 'declined, everything as it was',
  'rolled-back': 'rolled back, everything as it was',
  'rollback-incomplete': 'rollback incomplete, everything else as it was',
};

function endText({ end, wrong }: FaultTrial): string {
  if (wrong.length === 0) return designed[end] ?? end;
  const codes = [...new Set(wrong.map(({ code }) => code))];
  return `${end.replaceAll('-', ' ')}, but ${codes.join(', ')}`;
}

/** "fault → end state". */
export const trialText = (trial: FaultTrial): string => `${faultText(trial.fault)} → ${endText(trial)}`;
