import { STATUS_CODES } from 'node:http';
import type { Doubt, HttpProbe } from '../../../core/model/check';
import { shorten } from '../without-secrets';
import { cachedBecause } from './cached';
import type { Asked, Page } from './page';
import { jsonOf, saysJson } from './page-json';

/** Undefined: no doubt of that kind. */
type Look = (page: Page, probe: HttpProbe, asked: Asked) => string | undefined;

/** Why an answer with the right status may be a lie all the same, apart from what the runbook accepts. */
export function doubtsOf(page: Page, probe: HttpProbe, asked: Asked): readonly string[] {
  return (Object.entries(looks) as [Doubt, Look][])
    .filter(([doubt]) => probe.accept?.includes(doubt) !== true)
    .flatMap(([, look]) => look(page, probe, asked) ?? []);
}

/** What begins with 4 or 5 is asked for by name where it is right. */
const isGood = ({ status }: HttpProbe): boolean => status < 400;

const looks: Readonly<Record<Doubt, Look>> = {
  cached: (page, _probe, asked) => cachedBecause(page, asked),

  empty: (page, { bodyContains, json }) => {
    if (bodyContains !== undefined || json !== undefined || !saysJson(page)) return undefined;
    if (page.body.trim() === '') return 'the answer says that it is JSON, and has nothing in it';
    const value = jsonOf(page)?.value;
    const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
    return isEmpty ? `there are no data in the answer: ${page.body.trim()}` : undefined;
  },

  'error-page': (page, probe, { masked }) => {
    const title = isGood(probe) && !saysJson(page) ? titles(page.body).find(namesError) : undefined;
    return title === undefined
      ? undefined
      : `an error page with status ${page.status}: "${shorten(masked(title), 80)}"`;
  },

  unhealthy: (page, probe) => {
    const value = isGood(probe) ? jsonOf(page)?.value : undefined;
    if (typeof value !== 'object' || value === null) return undefined;
    const found = Object.entries(value).find(([key, said]) => saysUnhealthy(key, said));
    return found && `it says of itself that it does not work: ${found[0]} is ${JSON.stringify(found[1])}`;
  },

  elsewhere: ({ headers }, probe, asked) => otherInstance(headers, probe, asked) ?? otherHost(headers, probe, asked),
};

const longestTitle = 200;

/** What a page is headed by; of a text without tags its beginning. */
function titles(body: string): readonly string[] {
  const start = body.slice(0, 4096);
  const tagged = [...start.matchAll(/<(title|h1|h2)\b[^>]{0,200}>([^<]{1,200})/gi)].map(([, , text = '']) =>
    text.trim(),
  );
  if (tagged.length > 0 || /^\s*</.test(start)) return tagged;
  return [(start.trim().split('\n')[0] ?? '').slice(0, longestTitle)];
}

const errors = Object.entries(STATUS_CODES)
  .filter(([code]) => Number(code) >= 400)
  .map(([code, phrase = '']) => ({ code, phrase: phrase.toLowerCase() }));

/** Phrases of one word many a good page has in its title, as "Gone" and "Conflict": they count after their number only. */
function namesError(title: string): boolean {
  const words = title.toLowerCase().replaceAll('time-out', 'timeout').replace(/\s+/g, ' ');
  const isNumber = /^(?:http |error |http error )?[45]\d\d ?(?:[-–:|]|$)/.test(words);
  return (
    isNumber ||
    errors.some(
      ({ code, phrase }) => words.includes(`${code} ${phrase}`) || (phrase.includes(' ') && words.includes(phrase)),
    )
  );
}

/** Words of Spring Boot, of the Internet draft of health+json, of gRPC and of those who make their own. */
const bad =
  /^(?:down|error|fail|failed|failing|failure|unhealthy|out_of_service|not_serving|not[ _]ready|unavailable|critical)$/i;

function saysUnhealthy(key: string, said: unknown): boolean {
  if (typeof said === 'string') return /^(?:status|state|health)$/i.test(key) && bad.test(said);
  return said === false && /^(?:ok|healthy|ready|success)$/i.test(key);
}

/** A check that names these headers says itself what they must be. */
function otherInstance(headers: Page['headers'], probe: HttpProbe, { site, epoch, masked }: Asked): string | undefined {
  const named = Object.keys(probe.headers ?? {}).map((name) => name.toLowerCase());
  const expected = { 'x-switchback-site': site.name, 'x-switchback-epoch': String(epoch) };
  const [other] = Object.entries(expected).filter(
    ([name, value]) => !named.includes(name) && headers[name] !== undefined && headers[name] !== value,
  );
  if (other === undefined) return undefined;
  const [name, value] = other;
  return `another instance answers: ${name} is "${shorten(masked(String(headers[name])), 80)}", not "${value}"`;
}

/** Where a redirect is what the check expects. */
function otherHost({ location }: Page['headers'], probe: HttpProbe, { address, masked }: Asked): string | undefined {
  const isNamed = Object.keys(probe.headers ?? {}).some((name) => name.toLowerCase() === 'location');
  if (location === undefined || isNamed || probe.status < 300 || probe.status > 399) return undefined;
  const asked = new URL(`http://${probe.host ?? address}`).hostname;
  const to = URL.canParse(location, `http://${asked}`) ? new URL(location, `http://${asked}`).hostname : location;
  return [asked, address].includes(to) ? undefined : `it leads to another host: ${shorten(masked(location), 80)}`;
}
