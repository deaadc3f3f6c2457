import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { quote } from '../quote';

/** What a grade asks for, as numbers of which a greater one is easier to hold. */
const asked = (grade: Part, rtoMs: number): readonly { readonly place: Part; readonly ease: number }[] => [
  { place: grade.at('withinRpo'), ease: -(grade.at('withinRpo').number ?? 100) },
  { place: grade.at('longestBreach'), ease: grade.at('longestBreach').ms ?? Infinity },
  { place: grade.at('rto'), ease: grade.at('rto').ms ?? rtoMs },
];

/** From the best to the lowest: a grade that asks for more than the one before, or for the same, can never be the one that is earned. */
export function* gradeOrder(runbook: Part): Iterable<Problem> {
  const objectives = runbook.at('objectives');
  const rtoMs = objectives.at('rto').ms ?? 0;
  let before: Part | undefined;
  for (const grade of objectives.at('grades').items) {
    if (before !== undefined) yield* notEasier(grade, before, rtoMs);
    before = grade;
  }
}

function* notEasier(grade: Part, before: Part, rtoMs: number): Iterable<Problem> {
  const [easier, harder] = [asked(grade, rtoMs), asked(before, rtoMs)];
  const wrong = easier.filter(({ ease }, index) => ease < (harder[index]?.ease ?? ease));
  const name = (part: Part): string => quote(part.at('name').text ?? '');
  for (const { place } of wrong) {
    const at = place.present ? place : grade;
    yield at.problem(
      'GradeOrder',
      `grade ${name(grade)} asks for more than ${name(before)} before it: ${String(place.path.at(-1))}`,
    );
  }
  if (wrong.length > 0 || easier.some(({ ease }, index) => ease > (harder[index]?.ease ?? ease))) return;
  yield grade.problem('GradeOrder', `grade ${name(grade)} asks for the same as ${name(before)} before it`);
}
