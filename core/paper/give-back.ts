import type { OperationCourse } from '../model/operation';
import type { RecoveryPlan } from '../model/plan';
import { act, type PaperSection, type PaperStep } from './paper';

/** How Switchback gets the group again: it must know where the group is, and the epochs that were used meanwhile. */
export function giveBackSection({ group }: RecoveryPlan, { from, to }: OperationCourse): PaperSection {
  const steps: readonly Pick<PaperStep, 'title' | 'tells' | 'blocks'>[] = [
    {
      title: 'Say in which phase the group is',
      tells: [
        `After the commit point: ${to}. After the whole way back: ${from}. Anything in between: it is not given back before it is one of the two.`,
        `Phase: ______________________`,
      ],
      blocks: [],
    },
    {
      title: 'When Temporal is back with its state',
      tells: [
        'Its state is of before. Start the workers again, save what it knows (its runs and drills), and let it take up the group as it is now. Both sites are looked at: what they show must agree with the phase.',
      ],
      blocks: [
        act(
          `switchback state export ${group} --force --out ${group}.state.json`,
          `switchback state import ${group}.state.json --phase ${to} --replace`,
        ),
      ],
    },
    {
      title: 'When Temporal is a new one',
      tells: [
        'Start the workers, and bring the last export of the group, if there is one. Without one, its state is found out from the sites; its runs and drills are then not known any more.',
      ],
      blocks: [act(`switchback state import ${group}.state.json --phase ${to}`)],
    },
    {
      title: 'See that it is so, and protected',
      tells: [
        'Phase and active site must be right. Where replication is to run, wait until the lag is within the objective.',
      ],
      blocks: [act(`switchback status ${group}`)],
    },
  ];
  return {
    title: 'Give the group back to Switchback',
    tells: ['One of the two in the middle.'],
    waves: steps.map((step, index) => [{ number: `G${index + 1}`, who: 'whoever leads', when: [], undo: [], ...step }]),
  };
}
