import { InvalidArgumentError, Option, type Command } from 'commander';
import { durationMs } from '../core/runbook/duration';

export interface JsonOption {
  readonly json?: true;
}

/** Flags that override the environment and the profile of `@temporalio/envconfig`. */
export interface ConnectionOptions {
  readonly address?: string;
  readonly namespace?: string;
  readonly profile?: string;
}

export const withJson = (command: Command): Command =>
  command.option('--json', 'print JSON on stdout and nothing else there');

export const withConnection = (command: Command): Command =>
  command
    .option('--address <host:port>', 'Temporal server (default: TEMPORAL_ADDRESS, the profile, or 127.0.0.1:7233)')
    .option('--namespace <name>', 'Temporal namespace (default: TEMPORAL_NAMESPACE, the profile, or "default")')
    .option('--profile <name>', 'profile of the Temporal configuration file (default: TEMPORAL_PROFILE, or "default")');

/** `--by`: who does it, for the record. The value is looked up late, so that generated docs name no person. */
export const byOption = (): Option =>
  new Option('--by <person>', 'who does it, for the record (default: SWITCHBACK_USER, or your user name)');

/** The private key that decisions are signed with. */
export const keyOption = (): Option =>
  new Option(
    '--key <file>',
    'sign with this Ed25519 private key, see `switchback key` (default: SWITCHBACK_KEY, or unsigned)',
  );

/** Where evidence is, for a command that does not ask a worker. */
export const storeOption = (): Option =>
  new Option(
    '--store <place>',
    'where evidence is kept, a folder or s3://bucket/prefix (default: SWITCHBACK_EVIDENCE, or evidence in SWITCHBACK_HOME)',
  );

export const withExample = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText('after', `\nExample:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`);

/** A parser for options that take a length of time, in the form of runbooks: "90s", "30m", "2h". Gives whole seconds. */
export function parseDuration(text: string): number {
  const milliseconds = durationMs(text);
  if (milliseconds === undefined || milliseconds < 1000) {
    throw new InvalidArgumentError(`"${text}" is not a length of time; write it as 90s, 30m, 2h or 1d.`);
  }
  return Math.round(milliseconds / 1000);
}
