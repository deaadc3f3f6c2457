import { span, type Line } from '../../cli/terminal/line';
import type { Proof } from '../shop/proofs';

export interface NamedProof extends Proof {
  /** What is proven, as a sentence. */
  readonly claim: string;
}

/** One proof: whether it holds, what was seen, and what speaks against it. */
export const proofLines = ({ claim, holds, saw, evidence }: NamedProof): readonly Line[] => [
  [span(holds ? '✓ ' : '✗ ', holds ? 'green' : 'red'), span(`proof: ${claim}`, 'bold')],
  [span(`    ${holds ? 'holds' : 'DOES NOT HOLD'}: ${saw}`, holds ? 'dim' : 'red')],
  ...evidence.map((line): Line => [span(`      ${line}`, 'red')]),
];
