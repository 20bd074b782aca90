import { everyRow, type OptionGroup, type OptionTable } from './option-table.js';
import type { OptionRow } from './options.js';

/*
 * V8's options that have been examined. A harmless one changes when V8 compiles, collects or
 * reports. It never changes what becomes code. A value follows an equals sign, because Node does
 * not take the next word as the value of an option of V8.
 */

const row = (name: string, effect: OptionRow['effect'], why: string): OptionRow => ({
  name: `--${name}`,
  aliases: [],
  value: 'optional',
  effect,
  why,
});
const harmless = (why: string, names: string): OptionGroup => ({
  names,
  value: 'optional',
  common: { effect: 'harmless', why },
});

function rows(): readonly OptionRow[] {
  const STRINGS = 'It lets strings become code again.';
  const REALMS = 'It makes realms with unchecked loaders.';
  const INSIDES = "It gives a program access to V8's internals.";

  return [
    { ...row('no-disallow-code-generation-from-strings', 'weakens-strict', STRINGS), gate: 'eval' },
    { ...row('allow-unsafe-function-constructor', 'weakens-strict', STRINGS), gate: 'eval' },
    {
      ...row('stack-trace-limit', 'harmless', 'It changes what is printed.'),
      value: 'required',
    },
    row('harmony-shadow-realm', 'unchecked', REALMS),
    row('harmony', 'unchecked', 'It turns on whatever V8 is trying out.'),
    row('js-staging', 'unchecked', 'It turns on whatever V8 is trying out.'),
    row('allow-natives-syntax', 'unchecked', INSIDES),
    row('expose-externalize-string', 'unchecked', INSIDES),
    row('expose-memory-corruption-api', 'unchecked', INSIDES),
    row('expose-inspector-scripts', 'unchecked', INSIDES),
    row('inspector-live-edit', 'unchecked', INSIDES),
  ];
}

const groups = (): readonly OptionGroup[] => [
  harmless(
    'It sizes memory, or says when it is collected.',
    `battery-saver-mode bytecode-old-age bytecode-old-time compact compact-code-space
     compact-code-space-with-stack compact-on-every-full-gc compact-with-stack
     compaction-max-evacuated-bytes-mb compaction-max-evacuated-bytes-mb-for-optimize-memory
     compaction-max-evacuated-bytes-mb-for-reduce-memory
     compaction-target-fragmentation-percent-for-optimize-memory
     compaction-target-fragmentation-percent-for-reduce-memory concurrent-array-buffer-sweeping
     concurrent-marking concurrent-marking-high-priority-threads concurrent-marking-max-worker-num
     concurrent-minor-ms-marking concurrent-sweeping cppgc-young-generation
     cppheap-concurrent-marking cppheap-incremental-marking decommit-pooled-pages
     detect-ineffective-gcs-near-heap-limit efficiency-mode efficiency-mode-delay-turbofan
     efficiency-mode-delay-turbofan-multiply efficiency-mode-disable-turbofan
     efficiency-mode-for-tiering-heuristics expose-gc external-memory-accounted-in-global-limit
     external-memory-max-growing-factor external-memory-max-reasonable-size flush-baseline-code
     flush-bytecode flush-code-based-on-time flush-liftoff-code gc-experiment-less-compaction
     gc-global gc-interval gc-memory-reducer-start-delay-ms hash-seed heap-growing-percent
     huge-max-old-generation-size idle-gc-on-context-disposal incremental-marking
     incremental-marking-bailout-when-ahead-of-schedule incremental-marking-for-gc-in-background
     incremental-marking-hard-trigger incremental-marking-soft-trigger
     incremental-marking-start-user-visible incremental-marking-task
     incremental-marking-task-delay-ms incremental-marking-unified-schedule
     ineffective-gc-includes-global ineffective-gc-mutator-utilization-threshold
     ineffective-gc-size-threshold ineffective-gcs-forces-last-resort initial-heap-size
     initial-old-space-size initial-shared-heap-size large-page-pool late-heap-limit-check
     lite-mode max-heap-size max-large-page-pool-size max-old-space-size max-semi-space-size
     max-shared-heap-size memory-balancer memory-balancer-c-value memory-pool
     memory-pool-release-before-memory-pressure-gcs memory-pool-release-on-malloc-failures
     memory-pool-share-memory-on-teardown memory-pool-timeout memory-reducer
     memory-reducer-delay-ms memory-reducer-favors-memory memory-reducer-for-small-heaps
     memory-reducer-gc-count memory-reducer-respects-frozen-state memory-saver-mode
     min-semi-space-size minor-gc-task minor-gc-task-trigger minor-gc-task-with-lower-priority
     minor-ms minor-ms-concurrent-marking-trigger minor-ms-max-new-space-capacity-mb
     minor-ms-max-page-age minor-ms-min-lab-size-kb
     minor-ms-min-new-space-capacity-for-concurrent-marking-mb
     minor-ms-page-promotion-max-lab-threshold minor-ms-page-promotion-threshold
     minor-ms-shortcut-strings minor-ms-trace-fragmentation new-old-generation-heap-size
     optimize-for-size optimize-gc-for-battery page-promotion page-promotion-threshold
     parallel-compaction parallel-gc-clearing parallel-marking parallel-pause-for-gc-in-background
     parallel-pointer-update parallel-reclaim-unmodified-wrappers parallel-scavenge
     parallel-weak-ref-clearing preconfigured-old-space-size predictable
     predictable-and-random-seed-is-0 predictable-gc-schedule random-gc-interval random-seed
     reclaim-unmodified-wrappers rehash-snapshot scavenger-max-new-space-capacity-mb
     semi-space-growth-factor separate-gc-phases single-threaded single-threaded-gc
     single-threaded-gc-in-background stack-size`,
  ),
  harmless(
    'It says when and how well code is compiled.',
    `always-osr always-sparkplug always-turbofan baseline-batch-compilation
     baseline-batch-compilation-threshold compilation-cache concurrent-osr
     concurrent-recompilation concurrent-sparkplug disable-optimizing-compilers enable-avx
     enable-avx2 enable-bmi1 enable-bmi2 enable-f16c enable-fma3 enable-lazy-source-positions
     enable-lzcnt enable-popcnt enable-sahf enable-sse3 enable-sse4-1 enable-sse4-2 enable-ssse3
     invocation-count-for-early-optimization invocation-count-for-feedback-allocation
     invocation-count-for-maglev invocation-count-for-maglev-osr
     invocation-count-for-maglev-with-delay invocation-count-for-osr invocation-count-for-turbofan
     jitless lazy lazy-compile-dispatcher lazy-compile-dispatcher-max-threads lazy-eval
     lazy-feedback-allocation liftoff liftoff-only maglev maglev-as-top-tier maglev-inlining
     maglev-osr max-inlined-bytecode-size max-inlined-bytecode-size-absolute
     max-inlined-bytecode-size-cumulative max-inlined-bytecode-size-small
     max-inlined-bytecode-size-small-total max-inlined-bytecode-size-small-with-heapnum-in-out
     max-lazy max-maglev-eager-inlined-bytecode-size max-maglev-hard-inline-depth
     max-maglev-inline-depth max-maglev-inlined-bytecode-size
     max-maglev-inlined-bytecode-size-cumulative max-maglev-inlined-bytecode-size-small
     max-maglev-inlined-bytecode-size-small-total
     max-maglev-inlined-bytecode-size-small-with-heapnum-in-out max-opt
     max-optimized-bytecode-size min-inlining-frequency min-maglev-inlining-frequency
     minimum-invocations-after-ic-update minimum-invocations-before-optimization opt
     polymorphic-inlining prepare-always-turbofan regexp-backtracks-before-fallback
     regexp-interpret-all regexp-optimization regexp-tier-up regexp-tier-up-ticks script-streaming
     short-builtin-calls sparkplug sparkplug-plus string-slices super-ic turbo-allocation-folding
     turbo-escape turbo-inlining turbo-splitting turbofan turbolev turboshaft use-ic use-osr
     use-strict wasm-async-compilation wasm-code-gc wasm-dynamic-tiering wasm-lazy-compilation
     wasm-lazy-validation wasm-max-code-space-size-mb wasm-max-committed-code-mb
     wasm-max-mem-pages wasm-max-module-size wasm-max-table-size wasm-num-compilation-tasks
     wasm-sync-tier-up wasm-tier-up wasm-tiering-budget`,
  ),
  harmless(
    'It changes what is printed, or written to a file of data.',
    `abort-on-uncaught-exception async-stack-traces builtins-in-stack-traces code-comments
     code-stats cpu-profiler-sampling-interval detailed-error-stack-trace detailed-line-info
     enable-etw-stack-walking experimental-stack-trace-frames gc-stats gc-verbose
     heap-profiler-show-hidden-objects heap-profiler-trace-objects
     heap-profiler-use-embedder-graph heap-snapshot-on-gc heap-snapshot-on-oom heap-snapshot-path
     heap-snapshot-string-limit histogram-interval interpreted-frames-native-stack ll-prof log
     log-all log-code log-code-disassemble log-colour log-deopt log-feedback-vector
     log-function-events log-ic log-internal-timer-events log-maps log-maps-details
     log-or-trace-osr log-source-code log-source-position log-timer-events logfile
     logfile-per-isolate maglev-stats maglev-stats-nvp map-counters max-stack-trace-source-length
     native-code-counters perf-basic-prof perf-basic-prof-only-functions perf-basic-prof-path
     perf-prof perf-prof-annotate-wasm perf-prof-delete-file perf-prof-path
     perf-prof-unwinding-info print-all-code print-all-exceptions print-ast print-break-location
     print-builtin-code print-builtin-code-filter print-builtin-size print-bytecode
     print-bytecode-filter print-code print-code-verbose print-deopt-stress
     print-feature-flags-json print-flag-values print-gc-clearing-dependency-graph
     print-global-handles print-handles print-maglev-code print-maglev-deopt-verbose
     print-maglev-graph print-maglev-graphs print-opt-code print-opt-code-filter print-opt-source
     print-regexp-bytecode print-regexp-code print-regexp-graph print-scopes
     print-turbolev-frontend print-turbolev-inline-functions print-wasm-code
     print-wasm-code-function-index print-wasm-offheap-memory-size print-wasm-stub-code prof
     prof-browser-mode prof-cpp prof-include-idle prof-sampling-interval rcs rcs-cpu-time
     redirect-code-traces redirect-code-traces-to runtime-call-stats serialization-statistics
     slow-histograms  stack-trace-on-illegal suppress-asm-messages trace
     trace-all-uses trace-allocation-stack-interval trace-asm-parser trace-asm-scanner
     trace-asm-time trace-backing-store trace-baseline trace-baseline-batch-compilation
     trace-block-coverage trace-code-range-allocation trace-compilation-dependencies
     trace-compiler-dispatcher trace-concurrent-marking trace-concurrent-recompilation
     trace-context-disposal trace-contexts trace-creation-allocation-sites trace-deopt
     trace-deopt-verbose trace-deserialization trace-detached-contexts
     trace-duplicate-threshold-kb trace-elements-transitions trace-environment-liveness
     trace-evacuation trace-evacuation-candidates trace-experimental-regexp-engine
     trace-file-names trace-flush-code trace-for-in-enumerate trace-fragmentation
     trace-fragmentation-verbose trace-gc trace-gc-freelists trace-gc-freelists-verbose
     trace-gc-heap-layout trace-gc-heap-layout-ignore-minor-gc trace-gc-ignore-scavenger
     trace-gc-nvp trace-gc-object-stats trace-gc-verbose trace-generalization trace-heap-broker
     trace-heap-broker-memory trace-heap-broker-verbose trace-idle-notification
     trace-idle-notification-verbose trace-ignition-codegen trace-ignition-dispatches-output-file
     trace-incremental-marking trace-isolates trace-lazy trace-liftoff
     trace-maglev-escape-analysis trace-maglev-graph-building trace-maglev-inlining
     trace-maglev-inlining-verbose trace-maglev-kna-processor trace-maglev-loop-speeling
     trace-maglev-object-tracking trace-maglev-phi-untagging trace-maglev-range-analysis
     trace-maglev-regalloc trace-maglev-truncation trace-memory-balancer trace-memory-reducer
     trace-migration trace-minor-ms-parallel-marking trace-module-status trace-mutator-utilization
     trace-normalization trace-number-string-cache trace-opt trace-opt-stats trace-opt-status
     trace-opt-verbose trace-osr trace-page-promotions trace-parallel-scavenge
     trace-pending-allocations trace-pretenuring trace-pretenuring-statistics
     trace-protector-invalidation trace-prototype-users trace-rail trace-read-only-promotion
     trace-read-only-promotion-verbose trace-regexp-assembler trace-regexp-bytecode-analysis
     trace-regexp-bytecodes trace-regexp-compiler trace-regexp-graph trace-regexp-graph-building
     trace-regexp-parser trace-regexp-peephole-optimization trace-regexp-tier-up
     trace-representation trace-resize-large-object trace-serializer
     trace-side-effect-free-debug-evaluate trace-store-elimination trace-stress-marking
     trace-stress-scavenge trace-temporal trace-track-allocation-sites trace-turbo
     trace-turbo-alloc trace-turbo-bailouts trace-turbo-ceq trace-turbo-cfg-file
     trace-turbo-escape trace-turbo-file-prefix trace-turbo-filter trace-turbo-graph
     trace-turbo-inlining trace-turbo-jt trace-turbo-load-elimination trace-turbo-loop
     trace-turbo-path trace-turbo-reduction trace-turbo-scheduled trace-turbo-scheduler
     trace-turbo-stack-accesses trace-turbo-trimming trace-turbo-types trace-unmapper
     trace-verify-csa trace-wasm trace-wasm-code-gc trace-wasm-compilation-hints
     trace-wasm-compilation-times trace-wasm-compiler trace-wasm-decoder
     trace-wasm-generate-compilation-hints trace-wasm-globals trace-wasm-inlining
     trace-wasm-instances trace-wasm-lazy-compilation trace-wasm-loop-peeling trace-wasm-memory
     trace-wasm-native-heap trace-wasm-offheap-memory trace-wasm-revectorize
     trace-wasm-serialization trace-wasm-simd-shuffle trace-wasm-stack-switching
     trace-wasm-streaming trace-wasm-typer trace-zone-stats trace-zone-type-stats
     track-detached-contexts track-gc-object-stats track-retaining-path turbo-stats
     turbo-stats-nvp turbo-stats-wasm turboshaft-trace-emitted turboshaft-trace-if-else-to-switch
     turboshaft-trace-intermediate-reductions turboshaft-trace-load-elimination
     turboshaft-trace-reduction use-original-message-for-stack-trace wasm-disassembly-max-mb
     zone-stats-tolerance`,
  ),
  harmless(
    'It changes the language, and loads nothing.',
    `disallow-code-generation-from-strings expose-wasm harmony-array-from-async
     harmony-array-grouping harmony-import-assertions harmony-import-attributes
     harmony-intl-best-fit-matcher harmony-intl-duration-format harmony-intl-locale-info-func
     harmony-iterator-helpers harmony-json-parse-with-source harmony-regexp-unicode-sets
     harmony-remove-intl-locale-info-getters harmony-set-methods harmony-shipping harmony-temporal
     harmony-weak-refs-with-cleanup-some icu-british-remove-full-weekday-comma
     icu-datetime-compat-lang icu-default-italian-number-grouping-always icu-timezone-data
     js-atomics-pause js-base-64 js-decorators js-error-iserror js-explicit-resource-management
     js-float16array js-immutable-arraybuffer js-intl-locale-variants js-iterator-sequencing
     js-nonextensible-applies-to-private js-promise-try js-regexp-duplicate-named-groups
     js-regexp-escape js-regexp-modifiers js-shipping js-sum-precise js-upsert validate-asm`,
  ),
];

/** Made when a word is none of Node's own options, so that most starts do not read the table. */
export const v8Options = (): OptionTable => ({ rows: rows(), groups: groups() });

export const everyV8Option = (): OptionRow[] => everyRow(v8Options());
