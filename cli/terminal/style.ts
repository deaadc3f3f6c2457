import { styleText } from 'node:util';

export type Format = Parameters<typeof styleText>[0];

/** Gives a text its look; the identity where colours are off. */
export type Style = (format: Format, text: string) => string;

export const plainStyle: Style = (_format, text) => text;

export const colourStyle: Style = (format, text) =>
  text === '' ? text : styleText(format, text, { validateStream: false });

/** Colours only for a person at a terminal who has not said otherwise (https://no-color.org). */
export const styleFor = (interactive: boolean, env: Readonly<Record<string, string | undefined>>): Style =>
  interactive && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? colourStyle : plainStyle;
