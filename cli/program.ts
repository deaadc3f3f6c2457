import { Command } from 'commander';
import { declareAttest } from './commands/attest';
import { declareChoosePoint } from './commands/choose-point';
import { declareCompliance } from './commands/compliance';
import { declareDecisions } from './commands/decide';
import { declareDiff } from './commands/diff';
import { declareDoctor } from './commands/doctor';
import { declareEvidence } from './commands/evidence';
import { declareExplain } from './commands/explain';
import { declareHistory } from './commands/history';
import { declareInit } from './commands/init';
import { declareKey } from './commands/key';
import { declareManualSteps } from './commands/manual-step';
import { declarePaper } from './commands/paper';
import { declarePlan } from './commands/plan';
import { declarePoints } from './commands/points';
import { declarePrograms } from './commands/programs';
import { declareReadiness } from './commands/readiness';
import { declareReport } from './commands/report';
import { declareRun } from './commands/run';
import { declareSchedule } from './commands/schedule';
import { declareSites } from './commands/sites';
import { declareStage } from './commands/stage';
import { declareState } from './commands/state';
import { declareStatus } from './commands/status';
import { declareSteering } from './commands/steer';
import { declareTest } from './commands/test';
import { declareValidate } from './commands/validate';
import { declareWait } from './commands/wait';
import { declareWatch } from './commands/watch';
import { declareWindows } from './commands/windows';
import type { CliContext } from './context';

/** All commands, in the order in which help and reference list them. */
const declarations = [
  declareInit,
  declareValidate,
  declareTest,
  declarePlan,
  declarePaper,
  declareWindows,
  declareRun,
  declareWatch,
  declareWait,
  declareStatus,
  declareReadiness,
  declareSites,
  declarePoints,
  declareStage,
  declareSchedule,
  declareDecisions,
  declareManualSteps,
  declareAttest,
  declareKey,
  declareSteering,
  declareChoosePoint,
  declareReport,
  declareEvidence,
  declareHistory,
  declareDiff,
  declareState,
  declareCompliance,
  declareDoctor,
  declareExplain,
  declarePrograms,
];

/** The command line. Nothing here or in what it imports loads the Temporal client: help is fast. */
export function createProgram(context: CliContext): Command {
  const program = new Command('switchback')
    .description('Durable disaster-recovery runbooks on Temporal: failover, reprotect, failback.')
    .exitOverride()
    .showHelpAfterError('(add --help for what is possible)')
    .helpCommand('help [command]', 'what a command does')
    .configureOutput({
      writeOut: (text) => context.terminal.out(text.replace(/\n$/, '')),
      writeErr: (text) => context.terminal.note(text.replace(/\n$/, '')),
    });
  for (const declare of declarations) declare(program, context);
  return program;
}
