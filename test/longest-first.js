const { default: Sequencer } = require('@jest/test-sequencer');

/** They take minutes each. Begun last, one of them alone would be waited for in the end; all begun first, they would be in each other's way. */
const longest = ['test/kubernetes/volumes-contract.test.ts', 'test/integration/faults/killed-worker.test.ts'];

/** The order of jest, which knows on a new machine only how large files are, with the longest at its beginning. */
module.exports = class extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const found = longest.findIndex((file) => path.endsWith(file));
      return found < 0 ? longest.length : found;
    };
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
};
