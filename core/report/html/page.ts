import { Fragment, h } from 'preact';
import { render } from 'preact-render-to-string';
import { element, type Content } from './elements';
import { style } from './style';

/** A page that asks for nothing from anywhere. */
export function page(title: string, ...body: readonly Content[]): string {
  const html = element(
    'html',
    { lang: 'en' },
    element(
      'head',
      {},
      element('meta', { charset: 'utf-8' }),
      // Were something to slip through the escaping, the browser would still load and run nothing.
      element('meta', {
        'http-equiv': 'Content-Security-Policy',
        content: "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
      }),
      element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      element('meta', { name: 'generator', content: 'Switchback' }),
      element('title', {}, title),
      element('style', {}, style),
    ),
    element('body', {}, ...body),
  );
  return `<!doctype html>\n${render(h(Fragment, null, html))}\n`;
}
