import { Fragment, h } from 'preact';
import { render } from 'preact-render-to-string';
import { element, type Content } from './elements';
import { style } from './style';

/** A whole HTML file that asks for nothing from anywhere. `more`: style of its own, beside that of all pages. */
export function htmlPage(title: string, body: readonly Content[], more = ''): string {
  const page = element(
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
      element('style', {}, `${style}${more}`),
    ),
    element('body', {}, ...body),
  );
  return `<!doctype html>\n${render(h(Fragment, null, page))}\n`;
}
