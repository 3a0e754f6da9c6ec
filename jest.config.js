const swc = (parser, transform) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: { target: 'es2022', parser, transform, keepClassNames: true },
  },
];

// Packages published as ES modules only; jest runs CommonJS and needs them translated.
const ESM_ONLY = [
  'graphql-request',
  'jose',
  'nodemailer',
  'oauth4webapi',
  'openid-client',
  'otpauth',
  '@noble/hashes',
  'postal-mime',
  'temporal-polyfill',
  'temporal-utils',
  'typeid-js',
  'uuid',
];
const esmOnly = ESM_ONLY.map((name) => name.replace('/', '\\/')).join('|');

// Files that are named run for themselves; all of them run in groups, each of which loads the modules once.
const namesFiles = process.argv.slice(2).some((argument) => !/^-|group/.test(argument));

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  rootDir: __dirname,
  roots: ['<rootDir>/test'],
  testMatch: [namesFiles ? '**/*.test.ts' : '**/*.group.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
  setupFiles: ['reflect-metadata'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  maxWorkers: 2,
  testTimeout: 30_000,
  transform: {
    '^.+\\.ts$': swc(
      { syntax: 'typescript', decorators: true },
      { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    ),
    [`/node_modules/(${esmOnly})/.+\\.m?js$`]: swc({ syntax: 'ecmascript' }, {}),
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly})/)`],
};
