const { projects } = require('../../jest.config');

/** A configuration of its own: `npm test` needs no browser. */
const integration = projects.find(({ displayName }) => displayName === 'integration');

module.exports = {
  ...integration,
  rootDir: '../..',
  displayName: 'web-ui',
  roots: ['<rootDir>/test/web-ui'],
};
