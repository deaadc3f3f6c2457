import { Option, type Command } from 'commander';
import { SwitchbackFailure } from '../../core/model/failure';
import type { ProtectionState } from '../../core/model/protection';
import { exitCodes } from '../../core/model/verdict';
import {
  declaredPhases,
  fingerprint,
  importedState,
  sameGroupState,
  type DeclaredPhase,
} from '../../core/running/imported-state';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { readStateFile, stateFileText, writeStateFile } from '../state-file';
import { leaveMoved, protectWith } from '../temporal/moved-state';
import { inspect } from '../temporal/operations';
import { protectionState } from '../temporal/resolve-run';
import { withSession } from '../temporal/session';
import { printJson } from '../terminal/print';
import { shellQuoted } from '../views/answer-command';

interface ExportOptions extends JsonOption, ConnectionOptions {
  readonly out?: string;
  readonly force?: true;
  readonly move?: true;
}

interface ImportOptions extends JsonOption, ConnectionOptions {
  readonly group?: string;
  readonly phase?: DeclaredPhase;
  readonly replace?: true;
  readonly force?: true;
}

export function declareState(program: Command, context: CliContext): void {
  const state = program
    .command('state')
    .description("a group's state in a file, for another Temporal server or namespace");
  withExample(state, 'switchback state export shop --out shop.state.json', 'switchback state import shop.state.json');
  const exporting = state
    .command('export')
    .description('write what Temporal knows of a group: phase, epochs, fences, drills, runs')
    .argument('<group>', 'name of the group')
    .option('--out <file>', 'to this file (default: stdout)')
    .option(
      '--force',
      'while an operation holds the group: an import of it takes that operation for one that stopped half-way',
    )
    .option('--move', 'and look after the group no longer here, as soon as the file is written')
    .action(exitingWith(context, (group: string, options: ExportOptions) => exportState(context, group, options)));
  withExample(
    withConnection(withJson(exporting)),
    'switchback state export shop --out shop.state.json',
    'switchback state export shop --out shop.state.json --move',
  );
  const importing = state
    .command('import')
    .description('let this Temporal look after a group, with the state of a file; looks at both sites first')
    .argument('<file>', 'what `state export` has written')
    .option('--group <group>', 'only when the file is of this group')
    .addOption(
      new Option('--phase <phase>', 'the group was moved by hand: where it is now. The sites must agree').choices(
        declaredPhases,
      ),
    )
    .option('--replace', 'though this Temporal knows other runs of the group already, which are then forgotten')
    .option('--force', 'though a site does not answer, so that nobody knows what was done there')
    .action(exitingWith(context, (file: string, options: ImportOptions) => importState(context, file, options)));
  withExample(
    withConnection(withJson(importing)),
    'switchback state import shop.state.json',
    'switchback state import shop.state.json --phase FailedOver --replace',
  );
}

async function exportState({ terminal }: CliContext, group: string, options: ExportOptions): Promise<number> {
  const { out, force, move } = options;
  if (move && out === undefined)
    throw new SwitchbackFailure('InvalidInput', '--move needs --out: the file is then all that the group goes by.');
  const name = runbookName(group);
  await withSession(options, terminal.env, async (session) => {
    const state = await protectionState(session, name);
    refuseMoved(state);
    if (!force || move) refuseHeld(state, move === true);
    const { address, namespace } = session.settings;
    const exported = { runbook: name, exportedAt: new Date().toISOString(), from: { address, namespace }, state };
    const { text, sha256 } = stateFileText(exported);
    if (out === undefined) return terminal.out(text.trimEnd());
    await writeStateFile(out, text);
    if (move) await leaveMoved(session, exported, sha256);
    if (options.json) printJson(terminal, { group: name, file: out, sha256, moved: move === true });
    const left = move ? '; nothing is done for it here any more' : '';
    terminal.note(
      `saved, checksum ${sha256.slice(0, 12)}${left}. Elsewhere: switchback state import ${shellQuoted(out)}`,
    );
  });
  return exitCodes.done;
}

function refuseMoved({ group, moved }: ProtectionState): void {
  if (moved === undefined) return;
  const message = `group "${group}" was moved to another Temporal at ${moved.at}: export it there.`;
  throw new SwitchbackFailure('WrongState', message, { group });
}

function refuseHeld({ group, holder, drill }: ProtectionState, moving: boolean): void {
  const who = holder ?? drill;
  if (who === undefined) return;
  const way = moving
    ? 'Wait for its end before you move it.'
    : 'Wait for its end; with --force the file says that it stopped half-way.';
  const message = `group "${group}" is held by ${who.operation} ${who.workflowId} since ${who.since}. ${way}`;
  throw new SwitchbackFailure('GroupBusy', message, { group });
}

async function importState({ terminal }: CliContext, file: string, options: ImportOptions): Promise<number> {
  const { runbook, state: exported, from, exportedAt } = await readStateFile(file);
  if (options.group !== undefined && options.group !== exported.group)
    throw new SwitchbackFailure('InvalidInput', `${file} is of group "${exported.group}", not of "${options.group}".`);
  const outcome = await withSession(options, terminal.env, async (session) => {
    const inspection = await inspect(session, runbook, false);
    if (!options.force) refuseUnseen(inspection.sites);
    const imported = importedState(exported, {
      runbook: inspection.runbook,
      sites: inspection.sites,
      observedAt: new Date().toISOString(),
      ...(options.phase !== undefined && { phase: options.phase }),
    });
    if ('refused' in imported)
      throw new SwitchbackFailure('WrongState', `${file} was not imported: ${imported.refused}.`);
    const same = inspection.state !== null && sameGroupState(inspection.state, imported.state);
    if (!same) {
      const seen = inspection.state !== null && { seen: fingerprint(inspection.state) };
      await protectWith(session, {
        ...{ runbook, state: imported.state, ...seen },
        ...(options.replace && { forget: true as const }),
      });
    }
    return { group: exported.group, imported: !same, phase: imported.state.phase, epoch: imported.state.epoch };
  });
  if (options.json) printJson(terminal, outcome);
  else {
    const what = outcome.imported ? 'imported' : 'nothing to do, it is known so already';
    terminal.out(`${outcome.group}: ${what}: ${outcome.phase}, epoch ${outcome.epoch}`);
    terminal.note(`exported at ${exportedAt} from namespace ${from.namespace} of ${from.address}`);
  }
  return exitCodes.done;
}

/** What a site shows is what tells that somebody has moved the group since. */
function refuseUnseen(sites: Awaited<ReturnType<typeof inspect>>['sites']): void {
  const silent = Object.values(sites).find(({ health }) => !health.reachable);
  if (silent === undefined) return;
  const message =
    `site "${silent.health.site}" does not answer: nobody knows whether the group was moved there since the export. ` +
    'Wait for it; or, when it is lost and you know, repeat the command with --force.';
  throw new SwitchbackFailure('SiteUnreachable', message, { site: silent.health.site });
}
