import { Argument, type Command } from 'commander';
import type { AttestationStatus } from '../../core/model/attestation';
import { attestationVerdicts, exitCodes, type AttestationVerdict } from '../../core/model/verdict';
import { drillText } from '../../core/report/attestation-text';
import { attestationStatement, attestedAlready } from '../../core/running/attestation-rules';
import { exitingWith, type CliContext } from '../context';
import {
  byOption,
  keyOption,
  withConnection,
  withExample,
  withJson,
  type ConnectionOptions,
  type JsonOption,
} from '../options';
import { personFrom } from '../person';
import { askedAbout } from '../temporal/attestations';
import { sendMessage, type Sent } from '../temporal/send-message';
import { withSession, type Session } from '../temporal/session';
import { signatureOf } from '../temporal/sign-message';
import { span } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';
import { safeText } from '../terminal/safe-text';

interface AttestOptions extends JsonOption, ConnectionOptions {
  readonly notes: string;
  readonly evidence?: string;
  readonly by?: string;
  readonly key?: string;
}

interface Said {
  readonly by: string;
  readonly verdict: AttestationVerdict;
  readonly notes: string;
  readonly evidence?: string;
}

export function declareAttest(program: Command, context: CliContext): void {
  const command = program
    .command('attest')
    .description('say of a drill that is over whether it passed; it is said once, and kept beside the report')
    .argument('<drill>', 'id of the drill, or name of its group: the newest drill that nobody has attested')
    .addArgument(new Argument('<verdict>', 'whether the drill counts as passed').choices(attestationVerdicts))
    .requiredOption('--notes <text>', 'what was seen, for the record')
    .option('--evidence <url>', 'where the proof of it is kept')
    .addOption(byOption())
    .addOption(keyOption())
    .action(
      exitingWith(context, (drill: string, verdict: AttestationVerdict, options: AttestOptions) => {
        const { by, notes, evidence } = options;
        const person = personFrom(by, context.terminal.env);
        const said = { by: person, verdict, notes, ...(evidence !== undefined && { evidence }) };
        return attest(context, { drill, said }, options);
      }),
    );
  withExample(
    withConnection(withJson(command)),
    'switchback attest shop passed --notes "all orders of today were there"',
    'switchback attest drill/shop/20261205-100000 failed --notes "prices were old" --evidence https://wiki.example.com/dr/7',
  );
}

/** Exit code 4 when it is refused; then nothing has changed. */
async function attest(
  { terminal }: CliContext,
  { drill, said }: { readonly drill: string; readonly said: Said },
  options: AttestOptions,
): Promise<number> {
  const keyFile = options.key ?? terminal.env['SWITCHBACK_KEY'];
  const answer = await withSession(options, terminal.env, async (session) => {
    const asked = await askedAbout(session, drill);
    const { workflowId } = asked.drill;
    terminal.note(safeText(`${workflowId}: ${drillText(asked.drill)}`));
    const payload = { ...said, planHash: asked.drill.planHash, ...(keyFile && (await signedBy(keyFile, asked, said))) };
    return { workflowId, attestation: asked.workflowId, payload, ...(await sent(session, asked, payload)) };
  });
  if (options.json) printJson(terminal, answer);
  if (!answer.accepted) {
    terminal.note(`refused, nothing has changed: ${safeText(answer.because)}`);
    return exitCodes.refused;
  }
  if (!options.json) {
    printLines(terminal, [[span(`attested as ${said.verdict} `, 'green'), span(answer.workflowId)]]);
  }
  return exitCodes.done;
}

const signedBy = async (keyFile: string, { drill }: AttestationStatus, said: Said) => ({
  signature: await signatureOf(keyFile, (at) => attestationStatement(drill, { ...said, at })),
});

/** What was attested already takes no message any more. */
async function sent(session: Session, asked: AttestationStatus, payload: Said): Promise<Sent> {
  if (asked.attestation) return { accepted: false, because: attestedAlready(asked.attestation) };
  return sendMessage(session, asked.workflowId, { name: 'attest', payload: { ...payload } });
}
