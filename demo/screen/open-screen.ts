import type { Terminal } from '../../cli/terminal/terminal';
import { liveScreen, plainScreen, type Screen } from './screen';

/** A live screen for a person at a terminal, lines for everything else. */
export async function openScreen(
  terminal: Terminal,
  { plain, json }: { readonly plain: boolean; readonly json: boolean },
): Promise<Screen> {
  const { interactive, env } = terminal;
  if (json) return plainScreen(terminal, true);
  if (plain || !interactive || env['CI'] || env['TERM'] === 'dumb') return plainScreen(terminal);
  return liveScreen(terminal);
}
