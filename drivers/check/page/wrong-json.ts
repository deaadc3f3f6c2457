import type { HttpProbe, JsonExpectation } from '../../../core/model/check';
import { fillIn } from '../placeholders';
import { shorten } from '../without-secrets';
import type { Asked, Page } from './page';
import { jsonOf } from './page-json';

/** What of the expectations of JSON is not so. */
export function wrongJson(page: Page, { json }: HttpProbe, asked: Asked): readonly string[] {
  if (json === undefined) return [];
  if (page.cut) return ['the body is too long to be read as JSON'];
  const document = jsonOf(page);
  if (document === undefined) {
    const { 'content-type': type = 'no content type' } = page.headers;
    return [`the body is not JSON: ${shorten(type, 80)}, begins "${shorten(asked.masked(page.body), 80)}"`];
  }
  return json.flatMap((expectation) => wrongAt(document.value, expectation, asked));
}

function wrongAt(document: unknown, expectation: JsonExpectation, asked: Asked): readonly string[] {
  const { at } = expectation;
  const place = at === '' ? 'the JSON' : `"${at}" of the JSON`;
  const found = valueAt(document, at);
  if (found === undefined) return [`there is no ${place}`];
  if ('equals' in expectation) {
    const { equals } = expectation;
    const expected = typeof equals === 'string' ? fillIn(equals, asked) : String(equals);
    return textOf(found) === expected ? [] : [`${place} is ${told(at, found, asked)}, not ${expected}`];
  }
  const size = sizeOf(found);
  if (size === undefined) return [`${place} is ${told(at, found, asked)}, neither number, list nor text`];
  if (size >= expectation.atLeast) return [];
  const what = Array.isArray(found) ? `a list of ${size}` : String(size);
  return [`${place} is ${what}, less than ${expectation.atLeast}`];
}

/** Undefined: there is nothing. Only what the document itself has counts, and nothing that every object has. */
function valueAt(document: unknown, at: string): unknown {
  return at
    .split('.')
    .filter((key) => key !== '')
    .reduce<unknown>((value, key) => {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      return (value as Record<string, unknown>)[key];
    }, document);
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** With its key, so that the value of a password or a token is masked. */
const told = (at: string, value: unknown, { masked }: Asked): string =>
  shorten(masked(`${at}: ${textOf(value)}`).slice(at.length + 2), 80);
