import type { Report } from '../report';
import { comparisonSection } from './comparison-section';
import { dataSection, trafficSection } from './data-sections';
import { element, section, type Content } from './elements';
import { firstScreen } from './first-screen';
import { page } from './page';
import { attestationSection, decisionsSection, leftSection } from './people-sections';
import { drawPicture } from './picture/draw-picture';
import { pictureOf } from './picture/picture-rows';
import { withPlainStrings } from './plain-strings';
import { eventsSection, footer, planSection, prechecksSection, versionsSection } from './plan-sections';
import { pathSection, rollbackSection, segmentsSection, stepsSection } from './step-sections';

/**
 * The report as one HTML file that asks for nothing from anywhere: it opens from disk, prints, and is read without colours, on
 * light and dark screens. The first screen answers what ran, how it ended, what it cost and what needs a person; the rest is
 * the evidence. Every text of people and programs in it is escaped.
 */
export function renderHtml(recorded: Report): string {
  const report = withPlainStrings(recorded);
  const { run, verdict } = report;
  return page(
    `${run.operation} of ${run.group}: ${verdict}`,
    element('main', {}, ...firstScreen(report), ...evidence(report)),
    footer(report),
  );
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
