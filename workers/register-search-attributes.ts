import type { Connection } from '@temporalio/client';
import { SwitchbackFailure } from '../core/model/failure';
import { searchAttributes, type SearchAttributeType } from '../core/model/search-attributes';

/** Values of temporal.api.enums.v1.IndexedValueType. */
const indexedValueType: Readonly<Record<SearchAttributeType, number>> = { Keyword: 2, KeywordList: 7 };

/**
 * Registers the search attributes that the workflows set. Without them every run would retry its first task for ever, so a
 * worker that can neither find nor register them must not start.
 *
 * @throws SwitchbackFailure `SearchAttributesMissing`, with the command that registers them by hand.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const missing = await missingAttributes(connection, namespace);
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, indexedValueType[searchAttributes[name]]])),
    });
  } catch (cause) {
    const command = missing.map((name) => `--name ${name} --type ${searchAttributes[name]}`).join(' ');
    throw new SwitchbackFailure(
      'SearchAttributesMissing',
      `namespace "${namespace}" lacks ${missing.join(', ')}, and registering them was refused (${String(cause)}); ` +
        `run: temporal operator search-attribute create --namespace ${namespace} ${command}`,
      { namespace },
      { cause },
    );
  }
}

async function missingAttributes(
  connection: Connection,
  namespace: string,
): Promise<(keyof typeof searchAttributes)[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const names = Object.keys(searchAttributes) as (keyof typeof searchAttributes)[];
  return names.filter((name) => customAttributes?.[name] === undefined);
}
