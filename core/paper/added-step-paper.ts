import type { HookAction } from '../model/added-step';
import { act, type Written } from './paper';
import { quoted } from './shell';

/** What a hook does, as a command. Addresses and secrets are named by the variables that hold them, and never printed. */
export function hookPaper(
  hook: HookAction | undefined,
  { title, key }: { readonly title: string; readonly key: string },
): Written {
  if (hook === undefined) return {};
  if (hook.kind === 'command')
    return {
      tells: ['It runs where the worker of the site would run it.'],
      blocks: [act(`timeout ${hook.timeoutSeconds} ${hook.command.map(quoted).join(' ')}`)],
    };
  const body = JSON.stringify({ step: title, operationKey: key });
  const signed =
    hook.secretFrom === undefined
      ? ''
      : ` --header "switchback-timestamp: $AT" --header "switchback-signature: sha256=$(printf '%s.%s' "$AT" "$BODY" | openssl dgst -sha256 -hmac "$${hook.secretFrom}" | sed 's/.* //')"`;
  return {
    tells: [
      `Set ${[hook.urlFrom, ...(hook.secretFrom === undefined ? [] : [hook.secretFrom])].join(' and ')} as the worker has it. The body says less than that of a run: whoever receives it is told by telephone too.`,
    ],
    blocks: [
      act(
        'AT=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)',
        `BODY=${JSON.stringify(body)}`,
        `curl --silent --show-error --fail-with-body --max-time ${hook.timeoutSeconds} --header 'content-type: application/json' --header "idempotency-key: ${key}"${signed} --data-binary "$BODY" "$${hook.urlFrom}"`,
      ),
    ],
  };
}
