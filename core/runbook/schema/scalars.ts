import { z } from 'zod';
import type { DiagnosticCode } from '../diagnostic-codes';
import { DURATION_FORM, durationMs } from '../duration';
import { forbiddenCharacters } from '../forbidden-characters';
import { isLocalTime, LOCAL_TIME_FORM } from '../local-time';
import { quote, show } from '../quote';

/** Error setting of a check: its message begins with the diagnostic code, which schema-problems.ts splits off. */
export const because = (code: DiagnosticCode, message: (shown: string, value: string) => string) => ({
  error: (issue: { readonly input?: unknown }) => `${code}: ${message(show(issue.input), String(issue.input))}`,
});

const LONGEST_TEXT = 4096;

const harmless = (text: string): boolean => forbiddenCharacters(text, 1).length === 0;

/** Text on one line. */
export const line = (most = LONGEST_TEXT) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine(
      (text) => harmless(text) && !/[\n\r\t]/.test(text),
      because('InvalidText', (shown) => `${shown} must be one line of text without control characters`),
    );

/** Text that may have several lines. */
export const prose = () =>
  z
    .string()
    .max(LONGEST_TEXT)
    .refine(
      harmless,
      because('InvalidText', (shown) => `${shown} may not hold control characters`),
    );

export const matching = (form: RegExp, error: ReturnType<typeof because>) =>
  z.string().max(LONGEST_TEXT).regex(form, error);

export const NAME_FORM = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const name = () =>
  matching(
    NAME_FORM,
    because('InvalidName', (shown, value) => {
      const better = value
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .slice(0, 63)
        .replace(/^-+|-+$/g, '');
      return `${shown} is not a name of 1 to 63 letters a-z, digits and hyphens${better === '' ? '' : `; write ${quote(better)}`}`;
    }),
  );

interface DurationBounds {
  readonly whole?: 'seconds';
  readonly atMost?: string;
}

/** "500ms", "5s", "10m", "2h", "1d"; longer than zero. */
export const duration = ({ whole, atMost = '3650d' }: DurationBounds = {}) =>
  z
    .string()
    .regex(DURATION_FORM, {
      ...because(
        'InvalidDuration',
        (shown) => `${shown} is not a duration; write for example "500ms", "5s", "10m", "2h" or "1d"`,
      ),
      abort: true,
    })
    .refine(
      (text) => durationMs(text) !== 0,
      because('InvalidDuration', (shown) => `${shown} is not longer than zero`),
    )
    .refine(
      (text) => whole === undefined || (durationMs(text) ?? 0) % 1000 === 0,
      because('InvalidDuration', (shown) => `${shown} must be whole seconds`),
    )
    .refine(
      (text) => (durationMs(text) ?? 0) <= (durationMs(atMost) ?? 0),
      because('InvalidDuration', (shown) => `${shown} is longer than ${atMost}`),
    )
    .meta({ examples: ['5s'], patternErrorMessage: 'A number and a unit: ms, s, m, h or d. For example "5s".' });

export const port = () => z.int().min(1).max(65_535);

/** A path inside a folder. */
export const relativePath = () =>
  z
    .string()
    .min(1)
    .max(LONGEST_TEXT)
    .refine(
      (text) =>
        harmless(text) && !/[\n\r\t\\]/.test(text) && text.split('/').every((part) => !['', '.', '..'].includes(part)),
      because('UnsafePath', (shown) => `${shown} is not a relative path without ".."; write for example "orders.log"`),
    );

export const command = () =>
  z
    .array(
      z
        .string()
        .max(LONGEST_TEXT)
        .refine(
          harmless,
          because('InvalidText', (shown) => `${shown} may not hold control characters`),
        ),
    )
    .max(256)
    .refine(
      (words) => (words[0] ?? '').trim() !== '',
      because('InvalidCommand', () => 'the command has no program; write for example [node, server.cjs]'),
    );

export const variableName = () =>
  matching(
    /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
    because('InvalidText', (shown) => `${shown} is not the name of an environment variable such as "LEDGER_PORT"`),
  );

export const localTime = () =>
  z
    .string()
    .refine(
      isLocalTime,
      because('InvalidStart', (shown) => `${shown} is not a date and time such as "2026-12-05T22:00"`),
    )
    .meta({ pattern: LOCAL_TIME_FORM.source });
