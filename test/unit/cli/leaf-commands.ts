import type { Command } from 'commander';

export interface LeafCommand {
  /** "schedule apply" is ['schedule', 'apply']. */
  readonly words: readonly string[];
  readonly command: Command;
}

/** The commands that do something, with the words that lead to them. */
export function leafCommands(program: Command, words: readonly string[] = []): readonly LeafCommand[] {
  return program.commands.flatMap((command) => {
    const path = [...words, command.name()];
    return command.commands.length === 0 ? [{ words: path, command }] : leafCommands(command, path);
  });
}
