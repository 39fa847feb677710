// The arrows between the rooms: who may import whom, and why. `npm run deps` checks them.

const TEST = '[.]test[.]tsx?$'
/** Code that only tests use, beside what it serves. */
const TEST_SUPPORT = '/(given-|any-)[^/]*$|-for-tests[.]ts$|/(test-emulator|pasted-shell)[.]ts$'
const OURS = '^(app|components|lib|emulator|scripts|cli|e2e|bench)/'

/** A room may import itself and the rooms named; everything else of ours is forbidden to it. */
function room(path, mayImport, comment, exceptions = []) {
  return {
    name: `room-${path.replaceAll('/', '-')}`,
    severity: 'error',
    comment,
    from: { path: `^${path}/`, pathNot: [TEST, ...exceptions] },
    to: { path: OURS, pathNot: [path, ...mayImport].map((allowed) => `^${allowed}(/|[.]tsx?$)`) },
  }
}

const PURE = ['lib/topology', 'lib/plans', 'lib/exports']

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    room(
      'app',
      [
        'components',
        'lib/(queries|actions|topology|plans|exports|inventory|runs|access|audit|settings|metrics)',
        'lib/env',
      ],
      'Pages put the parts together; they speak neither to KMS nor to the database (only the health door asks it).',
      ['^app/api/health/'],
    ),
    room(
      'components',
      ['lib/queries', 'lib/actions', ...PURE],
      'Browser code stays clear of the server: go through lib/queries and lib/actions.',
    ),
    room(
      'lib/queries',
      ['lib/actions', ...PURE],
      'Browser code stays clear of the server: go through lib/actions or a machine door.',
    ),
    room(
      'lib/actions',
      ['lib/(access|inventory|runs|audit|settings)', 'lib/env', ...PURE],
      'An action checks who asks and what, then makes one call; KMS and the database are behind that call.',
    ),
    room('lib/topology', [], 'Pass in what the model needs: it knows no I/O, no clock and no React.'),
    room('lib/plans', ['lib/topology'], 'A plan is data: the planner computes, the executor acts.'),
    room('lib/exports', ['lib/topology', 'lib/plans'], 'An export is text computed from data.'),
    room(
      'lib/kms',
      ['lib/topology', 'lib/env', 'lib/store/singletons'],
      'The gateway knows the AWS SDK and the words of the model, nothing of who asks.',
    ),
    room(
      'lib/inventory',
      ['lib/(kms|topology|store|settings)', 'lib/env'],
      'The inventory reads; it knows no plan and no run.',
    ),
    room(
      'lib/runs',
      ['lib/(plans|topology|kms|inventory|store|audit|notify|settings|exports)', 'lib/env'],
      'The executor carries out plans of any kind; who may start one is decided before it.',
    ),
    room(
      'lib/metrics',
      ['lib/(kms|inventory|runs|settings|store|topology)', 'lib/env'],
      'Metrics tell what the other rooms have counted; nothing else depends on being watched.',
    ),
    room('lib/access', ['lib/store', 'lib/env'], 'Who asks, and what they may, does not depend on keys.'),
    room('lib/(audit|settings|notify)', ['lib/store', 'lib/env'], 'Small rooms over one table each.'),
    room('lib/store', ['lib/env'], 'The database does not know what is kept in it.'),
    {
      name: 'env-knows-nothing',
      severity: 'error',
      comment: 'Everyone reads the variables, the start script included, so they depend on nobody.',
      from: { path: '^lib/env[.]ts$' },
      to: { path: OURS },
    },
    room(
      '(scripts|cli)',
      ['lib/env', 'lib/store/folder-lock'],
      'Scripts start the product and use its doors; they are not part of it.',
    ),
    room('emulator', [], 'Shared code would let the emulator and the product be wrong together.'),
    room('e2e', [], 'A story uses the running product, as a person would.'),
    room(
      'bench',
      ['lib', 'scripts/test/chromium'],
      'A benchmark measures the running product, or a room of lib; it finds a browser as the tests do.',
    ),
    {
      name: 'emulator-is-a-process',
      severity: 'error',
      comment: 'Start it; never import it.',
      from: { path: OURS, pathNot: '^emulator/' },
      to: { path: '^emulator/' },
    },
    {
      name: 'only-the-gateway-speaks-to-kms',
      severity: 'error',
      comment: 'SDK shapes stop in lib/kms.',
      from: { path: '^(app|components|lib|proxy|instrumentation)', pathNot: ['^lib/kms/', TEST] },
      to: { path: '@aws-sdk/' },
    },
    {
      name: 'only-the-store-opens-databases',
      severity: 'error',
      comment: 'One connection, one set of migrations, one lock.',
      from: { path: '^(app|components|lib|proxy|instrumentation)', pathNot: ['^lib/store/', TEST] },
      to: { path: 'node_modules/(@electric-sql/pglite|pg)/' },
    },
    {
      name: 'the-model-does-no-input-or-output',
      severity: 'error',
      comment:
        'Topology, plans and exports compute from what they are given (a hash is computed too): their tests need no mock.',
      from: { path: '^lib/(topology|plans|exports)/', pathNot: [TEST, TEST_SUPPORT] },
      to: { dependencyTypes: ['core'], pathNot: '^crypto$' },
    },
    {
      name: 'tests-support-tests-only',
      severity: 'error',
      comment: 'What stands in for the world in a test must not reach the product.',
      from: { path: OURS, pathNot: [TEST, TEST_SUPPORT] },
      to: { path: [TEST, TEST_SUPPORT] },
    },
    {
      name: 'product-runs-without-development-packages',
      severity: 'error',
      comment: 'What the product imports belongs to dependencies.',
      from: {
        path: '^(app/|components/|lib/|emulator/|cli/|scripts/start|proxy[.]|instrumentation)',
        pathNot: [TEST, TEST_SUPPORT],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      comment: 'A package that only another one brought along may be gone tomorrow.',
      from: { path: OURS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two modules that need each other are one module, or miss a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'named-for-what-is-inside',
      severity: 'error',
      comment: 'A drawer of utilities has no main thing; an index that re-exports hides where things are.',
      from: { path: OURS },
      to: { path: '/(index|utils?|helpers?|types|common|misc)[.]tsx?$', pathNot: '(^|/)node_modules/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^[.]next/' },
  },
}
