import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { byOption, withExample, withJson, type JsonOption } from '../options';
import { personFrom } from '../person';
import { publicKeyOf } from '../temporal/sign-message';
import { span } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';

export function declareKey(program: Command, context: CliContext): void {
  const command = program
    .command('key')
    .description('make a key to sign decisions with, and show what the runbook must say of it')
    .argument('<file>', 'where to put the private key; must not be there yet')
    .addOption(byOption())
    .action(
      exitingWith(context, (file: string, { by, json }: { readonly by?: string } & JsonOption) =>
        makeKey(context, { file, person: personFrom(by, context.terminal.env), json: json === true }),
      ),
    );
  withExample(withJson(command), 'switchback key ~/.switchback-key.pem --by ana@example.com');
}

async function makeKey(
  { terminal }: CliContext,
  { file, person, json }: { readonly file: string; readonly person: string; readonly json: boolean },
): Promise<number> {
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    // For the owner's eyes only, and never over a key that is in use.
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new SwitchbackFailure('InvalidInput', `The key cannot be written to ${file}: ${because}`, { file });
  }
  const { publicKey, keyId } = publicKeyOf(privateKey);
  if (json) printJson(terminal, { file, person, publicKey, keyId });
  else {
    terminal.note(`private key ${keyId} is in ${file}; keep it to yourself. In the runbook, under \`people\`:`);
    printLines(terminal, [[span(`  - { name: ${person}, publicKey: ${publicKey} }`)]]);
  }
  return exitCodes.done;
}
