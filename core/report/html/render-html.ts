import { Fragment, h } from 'preact';
import { render } from 'preact-render-to-string';
import type { Report } from '../report';
import { comparisonSection } from './comparison-section';
import { dataSection, trafficSection } from './data-sections';
import { element, section, type Content } from './elements';
import { firstScreen } from './first-screen';
import { attestationSection, decisionsSection, leftSection } from './people-sections';
import { drawPicture } from './picture/draw-picture';
import { pictureOf } from './picture/picture-rows';
import { withPlainStrings } from './plain-strings';
import { eventsSection, footer, planSection, prechecksSection, versionsSection } from './plan-sections';
import { pathSection, rollbackSection, segmentsSection, stepsSection } from './step-sections';
import { style } from './style';

/**
 * The report as one HTML file that asks for nothing from anywhere: it opens from disk, prints, and is read without colours, on
 * light and dark screens. The first screen answers what ran, how it ended, what it cost and what needs a person; the rest is
 * the evidence. Every text of people and programs in it is escaped.
 */
export function renderHtml(recorded: Report): string {
  const report = withPlainStrings(recorded);
  const { run, verdict } = report;
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
      element('title', {}, `${run.operation} of ${run.group}: ${verdict}`),
      element('style', {}, style),
    ),
    element('body', {}, element('main', {}, ...firstScreen(report), ...evidence(report)), footer(report)),
  );
  return `<!doctype html>\n${render(h(Fragment, null, page))}\n`;
}

const evidence = (report: Report): readonly Content[] => [
  leftSection(report),
  attestationSection(report),
  timelineSection(report),
  decisionsSection(report),
  rollbackSection(report),
  dataSection(report),
  trafficSection(report),
  segmentsSection(report),
  stepsSection(report),
  pathSection(report),
  comparisonSection(report),
  prechecksSection(report),
  planSection(report),
  versionsSection(report),
  eventsSection(report),
];

function timelineSection(report: Report): Content {
  const picture = pictureOf(report);
  if (!picture) return null;
  const { operation, group } = report.run;
  return section('timeline', 'Timeline', drawPicture(picture, `What ran when in the ${operation} of ${group}`));
}
