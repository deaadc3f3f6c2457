#!/usr/bin/env node
// The sources run as they are: tsx compiles what is loaded.
require('tsx/cjs');
require('../cli/main');
