import { operationTraits } from '../model/operation';
import { act, see, type PaperSection, type PaperStep, type Written } from './paper';
import { settingsFile, siteOf, type PaperContext } from './paper-context';
import { placeAt, sitePaper } from './sites';

/** Beyond every epoch that Switchback may have handed out meanwhile: epochs are only compared, and may leap. */
const EPOCH_LEAP = 1000;

/** What comes before the plan: settings, nobody else at work, epochs. */
export function beginSection(context: PaperContext): PaperSection {
  const steps = [
    { title: 'Settings of every terminal', written: settings(context) },
    { title: 'See that nobody else is at work', written: quiet(context) },
    { title: 'Find out the epochs', written: epochs(context) },
  ];
  return {
    title: 'Part 1: Before the plan',
    tells: [],
    waves: steps.map(({ title, written }, index): PaperStep[] => [
      {
        number: `1.${index + 1}`,
        title,
        who: 'whoever leads',
        when: [],
        tells: written.tells ?? [],
        blocks: written.blocks ?? [],
        undo: [],
      },
    ]),
  };
}

const places = (context: PaperContext) =>
  (['primary', 'recovery'] as const).map((role) => placeAt(context, siteOf(context, role), context.plan.group));

function settings(context: PaperContext): Written {
  const file = settingsFile(context);
  const lines = places(context).flatMap((place) => sitePaper(place.site).settings(place));
  return {
    tells: [
      'The commands are for bash. They are written to be typed again when a terminal was lost: what was done is not done twice.',
      `The first command writes a file of settings. Every terminal, and every person, begins with the second one, in the folder with that file. Take a new, empty folder: what is kept on the way lies there too.`,
    ],
    blocks: [act(`cat > ${file} <<'EOF'`, ...new Set(lines), 'EOF'), act(`. ${file}`)],
  };
}

function quiet(context: PaperContext): Written {
  const written = places(context).map((place) => sitePaper(place.site).quiet(place));
  return {
    tells: [
      'A worker that comes back, with a Temporal that comes back, would go on with what it was doing.',
      ...new Set(written.flatMap(({ tells }) => tells ?? [])),
    ],
    blocks: written.flatMap(({ blocks }) => blocks ?? []).filter(isNew()),
  };
}

/** Sites of the same machine ask for the same command: it is typed once. */
function isNew(): (block: { readonly script: string }) => boolean {
  const known = new Set<string>();
  return ({ script }) => known.size < known.add(script).size;
}

/**
 * Epochs decide which side may write. The one that is active has the highest that is written down anywhere; what is done by hand
 * takes much higher ones, so that nothing of Switchback that is still under way counts any more.
 */
function epochs(context: PaperContext): Written {
  const file = settingsFile(context);
  const read = places(context).map((place) => `{ ${sitePaper(place.site).epochs(place)}; } 2> /dev/null || true`);
  const moves = operationTraits[context.plan.operation].movesActiveSite;
  return {
    tells: [
      'The numbers are read once and written into the file of settings. A site that does not answer is left out: then ask whoever knows whether it could have a higher epoch.',
      `FROM is what runs now${moves ? ', TO what this paper starts, ROLLBACK what the way back starts' : ''}.`,
    ],
    blocks: [
      act(
        `HIGHEST=$({ ${read.join('; ')}; } | sort -n | tail -n 1)`,
        `grep -q '^export FROM=' ${file} || cat >> ${file} <<EOF`,
        `export FROM=\${HIGHEST:-0}`,
        `export TO=$((\${HIGHEST:-0}${moves ? ` + ${EPOCH_LEAP}` : ''}))`,
        `export ROLLBACK=$((\${HIGHEST:-0}${moves ? ` + ${EPOCH_LEAP + 1}` : ''}))`,
        'EOF',
        `. ${file}`,
      ),
      see(`[ "$FROM" -ge 0 ] && echo "FROM TO ROLLBACK: $FROM $TO $ROLLBACK" | cut -d : -f 1`, 'FROM TO ROLLBACK'),
      act('echo "$FROM $TO $ROLLBACK"'),
    ],
  };
}
