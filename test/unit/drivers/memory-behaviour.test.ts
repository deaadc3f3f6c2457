import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dataProofs } from './memory-behaviour-data';
import { faultProofs } from './memory-behaviour-faults';
import { outsideProofs } from './memory-behaviour-outside';
import { siteProofs } from './memory-behaviour-sites';
import { worldProofs } from './memory-behaviour-world';
import type { Proof } from './memory-fixtures';

const text = readFileSync(path.join(__dirname, '../../../drivers/memory/BEHAVIOUR.md'), 'utf8');
const sentences = [...text.matchAll(/^(\d+)\. (.+)$/gm)].map(
  ([, number, sentence]) => [Number(number), sentence] as const,
);
const proofs: Readonly<Record<number, Proof>> = {
  ...worldProofs,
  ...faultProofs,
  ...siteProofs,
  ...dataProofs,
  ...outsideProofs,
};

test('the sentences of BEHAVIOUR.md are numbered from 1, and each has its proof', () => {
  const numbers = sentences.map(([number]) => number);
  expect(numbers).toEqual(numbers.map((_number, index) => index + 1));
  expect(Object.keys(proofs).map(Number)).toEqual(numbers);
});

test.each(sentences)('%i. %s', async (number) => {
  const proof = proofs[number];
  if (proof === undefined) throw new Error(`no proof of sentence ${number}`);
  await proof();
});
