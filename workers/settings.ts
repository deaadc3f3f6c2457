import path from 'node:path';

/** What a worker is told by its environment. */
export interface WorkerSettings {
  readonly runbookFolder: string;
  /** Folders of local sites are relative to it. */
  readonly labFolder: string;
  readonly reportFolder: string;
  /** Serve the workflows and the control activities. */
  readonly control: boolean;
  /** Sites whose task queues are served; absent: all sites of the runbooks. */
  readonly sites?: readonly string[];
  /** Start the `protection` workflows of all runbooks. */
  readonly protect: boolean;
  /** Kubeconfigs that runbooks name are relative to it. */
  readonly kubeconfigFolder: string;
  /** Absolute paths of the programs that checks and hooks may run. */
  readonly allowedCommands: readonly string[];
}

/**
 * SWITCHBACK_HOME (default .switchback), SWITCHBACK_RUNBOOKS (default runbooks), SWITCHBACK_SITES ("alpha,beta"; default all),
 * SWITCHBACK_CONTROL and SWITCHBACK_PROTECT ("no" switches off), SWITCHBACK_ALLOWED_COMMANDS (separated by colons),
 * SWITCHBACK_KUBECONFIGS (default the folder kubeconfigs in SWITCHBACK_HOME).
 */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string): WorkerSettings {
  const home = path.resolve(cwd, env['SWITCHBACK_HOME'] ?? '.switchback');
  const sites = list(env['SWITCHBACK_SITES'], ',');
  return {
    runbookFolder: path.resolve(cwd, env['SWITCHBACK_RUNBOOKS'] ?? 'runbooks'),
    labFolder: path.join(home, 'lab'),
    reportFolder: path.join(home, 'reports'),
    control: env['SWITCHBACK_CONTROL'] !== 'no',
    ...(sites.length > 0 && { sites }),
    protect: env['SWITCHBACK_PROTECT'] !== 'no',
    kubeconfigFolder: path.resolve(cwd, env['SWITCHBACK_KUBECONFIGS'] ?? path.join(home, 'kubeconfigs')),
    allowedCommands: list(env['SWITCHBACK_ALLOWED_COMMANDS'], ':'),
  };
}

const list = (text: string | undefined, separator: string): readonly string[] =>
  (text ?? '')
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
