/** Decides what a plan leaves open: one of so many, counted from 0. */
export type Choose = (among: number) => number;

/** Always the first: the order of the plan. */
export const inPlanOrder: Choose = () => 0;
