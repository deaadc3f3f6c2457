const projectsOf = require('../../jest.config');

/** A configuration of its own: `npm test` needs no browser. */
module.exports = async () => {
  const { projects } = await projectsOf();
  const integration = projects.find(({ displayName }) => displayName === 'integration');
  return { ...integration, rootDir: '../..', displayName: 'web-ui', roots: ['<rootDir>/test/web-ui'] };
};
