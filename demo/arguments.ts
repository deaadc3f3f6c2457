import { parseArgs } from 'node:util';
import { SwitchbackFailure } from '../core/model/failure';

export interface DemoArguments {
  /** As given; absent: the default of the program. */
  readonly home?: string;
  /** Lines instead of a live view. */
  readonly plain: boolean;
  /** One line of JSON on stdout, everything else on stderr. */
  readonly json: boolean;
  readonly help: boolean;
  readonly positionals: readonly string[];
}

/** @throws SwitchbackFailure `InvalidInput` */
export function parseArguments(args: readonly string[], most = 0): DemoArguments {
  const { values, positionals } = parse(args);
  const [extra] = positionals.slice(most);
  if (extra !== undefined) throw new SwitchbackFailure('InvalidInput', `unexpected "${extra}"; see --help`);
  const { home, plain = false, json = false, help = false } = values;
  return { ...(home !== undefined && { home }), plain, json, help, positionals };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        home: { type: 'string' },
        plain: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new SwitchbackFailure(
      'InvalidInput',
      `${error instanceof Error ? error.message : String(error)}; see --help`,
    );
  }
}
