import type { Argument, Command, Option } from 'commander';
import { doctorChecks } from '../cli/doctor/check-catalog';
import { exitMeanings } from '../cli/exit-code';
import { createProgram } from '../cli/program';
import { plainStyle } from '../cli/terminal/style';
import { exitCodes } from '../core/model/verdict';

/** Content of docs/reference/cli.md: every command from its own declaration, so that it says what --help says. */
export function generateCliReference(): string {
  const program = createProgram({ terminal: silentTerminal(), exitCode: 0 });
  return [
    '# The command line',
    '<!-- Made from cli/ by scripts/generate-cli-reference.ts. Do not edit. -->',
    program.description(),
    conventions,
    exitCodeSection(),
    connectionSection(program),
    ...allCommands(program).map(commandSection),
    doctorSection(),
    '',
  ].join('\n\n');
}

const conventions = `- \`--json\` prints one JSON document on stdout, or JSON lines where a command follows something, and nothing else there.
  A failure is \`{"error": {"code", "message", "fix"}}\`. Diagnostics go to stderr in any case.
- A \`<run>\` is the workflow id of a run, such as \`failback/shop/20261205-220000\`, or the name of a group, which stands for its
  running or else its newest run.
- Connection settings are those of Temporal's own tools: \`TEMPORAL_ADDRESS\`, \`TEMPORAL_NAMESPACE\`, \`TEMPORAL_API_KEY\`,
  \`TEMPORAL_TLS_*\`, and profiles of the Temporal configuration file; \`--address\`, \`--namespace\` and \`--profile\` go before them.
- Colours are off when stdout is no terminal, or \`NO_COLOR\` is set.`;

function exitCodeSection(): string {
  const rows = Object.entries(exitMeanings).map(([name, meaning]) => {
    const code = exitCodes[name as keyof typeof exitCodes];
    return `| ${code} | ${meaning} |`;
  });
  const interrupted = '| 130 | Interrupted: ctrl-c ended a command that was watching or waiting. The run goes on. |';
  return ['## Exit codes', '', '| Code | Meaning |', '| --- | --- |', ...rows, interrupted].join('\n');
}

/** Each command, and after it what it has of commands itself. */
const allCommands = ({ commands }: Command): readonly Command[] =>
  commands.flatMap((command) => [command, ...allCommands(command)]);

/** "schedule apply" */
const fullName = (command: Command): string =>
  command.parent?.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();

function commandSection(command: Command): string {
  const parts = [
    `## ${fullName(command)}`,
    capitalised(`${command.description()}.`),
    fenced(`switchback ${fullName(command)} ${command.usage()}`.trim()),
    ...(command.commands.length > 0 ? [] : [optionList(command)]),
    ...examples(command),
  ];
  return parts.join('\n\n');
}

/** Options that every command has which talks to the server; described once. */
const connectionFlags = ['--address', '--namespace', '--profile'];

const connects = (command: Command): boolean => command.options.some(({ long }) => long === connectionFlags[0]);

function optionList(command: Command): string {
  const own = command.options.filter(({ long }) => !connectionFlags.includes(long ?? ''));
  const lines = [...command.registeredArguments.map(argumentLine), ...own.map(optionLine)];
  return [...lines, ...(connects(command) ? ['- and the [connection options](#connection-options).'] : [])].join('\n');
}

function connectionSection({ commands }: Command): string {
  const options = commands.find(connects)?.options.filter(({ long }) => connectionFlags.includes(long ?? '')) ?? [];
  return ['## Connection options', options.map(optionLine).join('\n')].join('\n\n');
}

const argumentLine = (argument: Argument): string => {
  const brackets = argument.required ? ['<', '>'] : ['[', ']'];
  const name = `${brackets[0]}${argument.name()}${argument.variadic ? '...' : ''}${brackets[1]}`;
  return `- \`${name}\`: ${escaped(argument.description)}${choices(argument.argChoices)}.`;
};

const optionLine = (option: Option): string => {
  const preset: unknown = option.defaultValue;
  const standard = typeof preset === 'string' ? ` (default: ${preset})` : '';
  const needed = option.mandatory && preset === undefined ? ' **Required.**' : '';
  return `- \`${option.flags}\`: ${escaped(option.description)}${choices(option.argChoices)}${standard}.${needed}`;
};

const choices = (values: readonly string[] | undefined): string =>
  values === undefined ? '' : ` (${values.map((value) => `\`${value}\``).join(', ')})`;

/** The lines of the help text after "Example:". */
function examples(command: Command): string[] {
  let help = '';
  command.configureOutput({ writeOut: (text) => void (help += text) });
  command.outputHelp();
  const lines = help.split('\n').flatMap((line) => /^ {2}\$ (.+)$/.exec(line)?.[1] ?? []);
  return [fenced(lines.join('\n'))];
}

function doctorSection(): string {
  const rows = Object.entries(doctorChecks).map(([id, { group, asks }]) => `### ${id}\n\n${asks} Group: ${group}.`);
  return ['## Checks of the doctor', ...rows].join('\n\n');
}

/** Angle brackets would be taken for HTML. */
const escaped = (text: string): string => text.replaceAll('<', '\\<');
const fenced = (text: string): string => `\`\`\`sh\n${text}\n\`\`\``;
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const silentTerminal = () => ({
  out: () => undefined,
  note: () => undefined,
  interactive: false,
  style: plainStyle,
  size: () => ({ columns: 100, rows: 40 }),
  env: {},
});
