/**
 * Names of V8's options that have not been examined. Each is refused, because it has no row. With
 * this list options.test.ts notices new options.
 */
export const V8_UNJUDGED: readonly string[] = `
  abort-on-bad-builtin-profile-data abort-on-contradictory-flags abort-on-far-code-range
  additive-safe-int-feedback adjust-os-scheduling-parameters allocation-buffer-parking
  allocation-site-pretenuring allocation-site-tracking allow-allocation-in-fast-api-call
  allow-natives-for-differential-fuzzing allow-overwriting-for-next-flag always-osr-from-maglev
  always-use-string-forwarding-table analyze-environment-liveness arm-arch
  asm-wasm-lazy-compilation assert-types better-code-range-allocation black-allocated-pages
  builtin-subclassing builtins-effects-src bytecode-compiler-ablation-amount
  cache-property-key-string-adds cache-prototype-transitions cet-compatible check-handle-count
  clear-exceptions-on-js-entry clear-free-memory clone-object-sidestep-transitions
  compile-hints-magic concurrent-builtin-generation concurrent-cache-deserialization
  concurrent-maglev-high-priority-threads concurrent-maglev-max-threads
  concurrent-recompilation-delay concurrent-recompilation-front-running
  concurrent-recompilation-queue-length concurrent-sparkplug-high-priority-threads
  concurrent-sparkplug-max-threads concurrent-turbo-tracing concurrent-turbofan-max-threads
  conservative-stack-scanning const-tracking-let correctness-fuzzer-suppressions
  cppgc-random-gc-interval csa-trap-on-node debug-code deduplicate-heap-number-requests
  default-to-experimental-regexp-engine deopt-every-n-times deopt-to-baseline
  dict-property-const-tracking direct-handle direct-local disable-abortjs
  disable-old-api-accessors disable-write-barriers disallow-unsafe-flags double-string-cache-size
  dump-allocations-digest-at-alloc dump-builtins-hashes-to-file dump-wasm-module
  dump-wasm-module-path embedded-src embedded-variant embedder-instance-types
  empty-context-extension-dep enable-32dregs enable-allocation-failures-optimize-memory
  enable-allocation-failures-optimize-memory-ignoring-priority enable-allocation-folding
  enable-armv7 enable-armv8 enable-avx-vnni enable-avx-vnni-int8 enable-bytecode-compiler-ablation
  enable-enumerated-keyed-access-bytecode enable-etw-by-custom-filter-only
  enable-experimental-regexp-engine enable-experimental-regexp-engine-on-excessive-backtracks
  enable-neon enable-parser-ablation enable-preparser-ablation enable-regexp-unaligned-accesses
  enable-sealed-frozen-elements-kind enable-sharedarraybuffer-per-context enable-slow-asserts
  enable-source-at-csa-bind enable-sudiv enable-testing-opcode-in-wasm enable-third-party-heap
  enable-unconditional-write-barriers enable-vfp3 ephemeron-fixpoint-iterations etw-trace-debug
  exit-on-contradictory-flags experimental experimental-embedder-instance-types
  experimental-flush-embedded-blob-icache experimental-fuzzing
  experimental-regexp-engine-capture-group-opt
  experimental-regexp-engine-capture-group-opt-max-memory-usage
  experimental-report-exceptions-from-callbacks experimental-wasm-acquire-release
  experimental-wasm-assume-ref-cast-succeeds experimental-wasm-branch-hinting
  experimental-wasm-compilation-hints experimental-wasm-custom-descriptors
  experimental-wasm-exnref experimental-wasm-fp16 experimental-wasm-growable-stacks
  experimental-wasm-imported-strings experimental-wasm-imported-strings-utf8
  experimental-wasm-inlining experimental-wasm-instruction-tracing experimental-wasm-js-interop
  experimental-wasm-jspi experimental-wasm-legacy-eh experimental-wasm-memory-control
  experimental-wasm-memory64 experimental-wasm-multi-memory experimental-wasm-pgo-from-file
  experimental-wasm-pgo-to-file experimental-wasm-rab-integration experimental-wasm-ref-cast-nop
  experimental-wasm-revectorize experimental-wasm-shared experimental-wasm-skip-bounds-checks
  experimental-wasm-skip-null-checks experimental-wasm-stack-switching experimental-wasm-stringref
  experimental-wasm-type-reflection experimental-wasm-wasmfx expose-async-hooks
  expose-cputracemark-as expose-gc-as expose-ignition-statistics expose-statistics
  expose-trigger-failure extensible-ro-snapshot fast-api-allow-float-in-sim fast-map-update
  fast-properties-soft-limit feedback-normalization fixed-array-bounds-checks
  fixed-margin-for-input-handling flush-code-based-on-tab-visibility for-of-optimization
  force-emit-interrupt-budget-checks force-long-branches force-marking-deque-overflows
  force-memory-protection-keys force-slow-path freeze-flags-after-init function-context-cells
  function-context-cells-max-size future fuzzer-gc-analysis fuzzer-random-seed fuzzing
  fuzzing-and-concurrent-recompilation gc-fake-mmap gc-speed-uses-counters gdbjit gdbjit-dump
  gdbjit-dump-filter gdbjit-full handle-weak-ref-weakly-in-minor-gc hard-abort harmony-struct
  high-end-android high-end-android-physical-memory-threshold hole-fuzzing
  ignition-elide-noneffectful-bytecodes ignition-elide-redundant-tdz-checks
  ignition-filter-expression-positions ignition-reo ignition-share-named-property-feedback
  inline-date-accessors inline-new intel-jcc-erratum-mitigation internalize-on-the-fly
  is-standalone-d8-shell jit-fuzzing js-defer-import-eval js-esm-ns-reexport
  js-source-phase-imports json-stringify-fast-path lazy-new-space-shrinking lazy-streaming
  local-off-stack-check maglev-allocation-folding maglev-assert maglev-assert-stack-size
  maglev-assert-types maglev-break-on-entry maglev-build-code-on-background
  maglev-cons-string-elision maglev-cse maglev-deopt-data-on-background
  maglev-destroy-on-background maglev-escape-analysis maglev-filter
  maglev-function-context-specialization maglev-future maglev-hoist-osr-value-phi-untagging
  maglev-inline-api-calls maglev-inline-date-accessors maglev-inlining-following-eager-order
  maglev-licm maglev-loop-peeling maglev-loop-peeling-max-size
  maglev-loop-peeling-max-size-cumulative maglev-loop-peeling-only-trivial
  maglev-max-small-graph-size maglev-non-eager-inlining maglev-object-tracking
  maglev-optimistic-peeled-loops maglev-overwrite-budget maglev-overwrite-osr-budget
  maglev-poly-calls maglev-pretenure-store-values maglev-print-bytecode maglev-print-feedback
  maglev-print-filter maglev-print-inlined maglev-print-provenance maglev-range-analysis
  maglev-range-verification maglev-reuse-stack-slots
  maglev-skip-migration-check-for-polymorphic-access maglev-speculative-hoist-phi-untagging
  maglev-truncated-int32-phis maglev-truncation maglev-untagged-phis managed-zone-memory
  managed-zone-memory-for-isolate-independent-memory manual-evacuation-candidates-selection
  max-fast-properties max-serializer-nesting max-turbolev-eager-inlined-bytecode-size
  max-turbolev-inline-depth max-valid-polymorphic-map-count max-wasm-functions mcpu mega-dom-ic
  memory-protection-keys merge-background-deserialized-script-with-compilation-cache
  mock-arraybuffer-allocator mock-arraybuffer-allocator-limit move-object-start
  move-prototype-transitions-first multi-mapped-mock-allocator omit-default-ctors
  optimize-for-input-handling optimize-maglev-optimizes-to-turbofan
  optimize-on-next-call-optimizes-to-maglev osr-from-maglev osr-from-maglev-interrupt-scale-factor
  osr-to-tierup parallel-compile-tasks-for-eager-toplevel parallel-compile-tasks-for-lazy
  parse-only parser-ablation-amount partial-constant-pool perfetto-code-logger
  precise-object-pinning preparser-ablation-amount profile-deserialization
  profile-guided-optimization profile-guided-optimization-for-empty-feedback-vector
  profile-heap-snapshot proto-assign-seq-lazy-func-opt proto-assign-seq-opt
  proto-assign-seq-opt-count randomize-all-allocations regexp-assemble-from-bytecode
  regexp-bytecode-analysis regexp-peephole-optimization regexp-possessive-quantifier
  regexp-quick-check regexp-results-cache regexp-simd regexp-unroll reopt-after-lazy-deopts
  reorder-builtins reserve-inline-budget-scale-factor resize-large-object retain-maps-for-n-gc
  reuse-scope-infos safepoint-bump-qos-class sampling-heap-profiler-suppress-randomness
  sandbox-fuzzing sandbox-testing scavenge-separate-stack-scanning scavenger-chaos-mode
  scavenger-chaos-mode-threshold scavenger-conservative-object-pinning
  scavenger-precise-object-pinning scavenger-promote-quarantined-pages
  scavenger-updates-allocation-limit script-context-cells script-context-mutable-heap-int32
  script-context-mutable-heap-number shared-heap shared-string-table shared-strings
  shortcut-strings-with-stack sim-arm64-optional-features simulator-debugger single-generation
  slow-debug-code smi-string-cache-size soft-abort sparkplug-filter sparkplug-needs-short-builtins
  specialize-code-for-one-byte-seq-strings startup-blob startup-src sticky-mark-bits
  stress-background-compile stress-branch-hinting stress-compaction stress-compaction-random
  stress-concurrent-allocation stress-concurrent-inlining stress-concurrent-inlining-attach-code
  stress-flush-code stress-gc-during-compilation stress-ic stress-incremental-marking
  stress-inline stress-lazy stress-lazy-compilation stress-lazy-source-positions stress-maglev
  stress-marking stress-per-context-marking-worklist stress-runs
  stress-sampling-allocation-profiler stress-scavenge stress-scavenger-conservative-object-pinning
  stress-scavenger-conservative-object-pinning-random stress-snapshot stress-turbo-late-spilling
  stress-validate-asm stress-wasm-code-gc stress-wasm-memory-moving stress-wasm-stack-switching
  strict-termination-checks switch-table-min-cases switch-table-spread-threshold target-arch
  target-is-simulator target-os test-only-unsafe test-small-max-function-context-stub-size
  testing-bool-flag testing-bool-flag-A testing-bool-flag-B testing-bool-flag-C
  testing-d8-test-runner testing-float-flag testing-int-flag testing-maybe-bool-flag
  testing-prng-seed testing-string-flag text-is-readable track-array-buffer-views
  track-field-types transition-strings-during-gc-with-stack trap-on-abort
  trim-descriptor-arrays-in-gc trim-descriptor-arrays-in-gc-with-stack
  turbo-always-optimize-spills turbo-cf-optimization turbo-collect-feedback-in-generic-lowering
  turbo-compress-frame-translations turbo-elide-frames turbo-fast-api-calls turbo-filter
  turbo-inline-array-builtins turbo-inline-js-wasm-calls turbo-instruction-scheduling turbo-jt
  turbo-load-elimination turbo-log-builtins-count-input turbo-loop-peeling turbo-loop-rotation
  turbo-loop-variable turbo-move-optimization turbo-optimize-apply
  turbo-optimize-inlined-js-wasm-wrappers turbo-optimize-math-minmax turbo-profiling
  turbo-profiling-input turbo-profiling-output turbo-profiling-verbose turbo-rewrite-far-jumps
  turbo-store-elimination turbo-stress-instruction-scheduling turbo-string-builder
  turbo-typer-hardening turbo-verify turbo-verify-allocation turbo-verify-machine-graph
  turbo-wasm-address-reassociation turbofan-inline-date-accessors
  turbolev-additive-safe-int-feedback turbolev-future turbolev-inline-js-wasm-wrappers
  turbolev-non-eager-inlining turboshaft-assert-types turboshaft-csa
  turboshaft-enable-debug-features turboshaft-from-maglev turboshaft-frontend turboshaft-future
  turboshaft-instruction-selection turboshaft-load-elimination turboshaft-loop-peeling
  turboshaft-loop-unrolling turboshaft-string-concat-escape-analysis
  turboshaft-trusted-load-elimination turboshaft-typed-optimizations
  turboshaft-verify-load-store-taggedness turboshaft-wasm turboshaft-wasm-in-js-inlining
  turboshaft-wasm-instruction-selection-experimental turboshaft-wasm-instruction-selection-staged
  turboshaft-wasm-load-elimination turboshaft-wasm-wrappers typed-array-length-loading
  unbox-double-arrays unmap-holes update-allocation-limits-after-loading use-external-strings
  use-idle-notification use-marking-progress-bar use-std-math-pow v8-os-page-size
  verify-bytecode-full verify-bytecode-light verify-code-merge verify-csa
  verify-get-js-builtin-state verify-heap verify-predictable verify-simplified-lowering
  verify-snapshot-checksum verify-turboshaft verify-write-barriers vtune-prof-annotate-wasm
  warn-about-builtin-profile-data wasm-allow-mixed-eh-for-testing wasm-assert-types
  wasm-bounds-checks wasm-bulkmem-inlining wasm-caching-hard-threshold wasm-caching-threshold
  wasm-caching-timeout-ms wasm-capi-thread-pool-size wasm-code-coverage
  wasm-debug-mask-for-testing wasm-deopt wasm-deopts-per-function-limit
  wasm-eager-tier-up-function wasm-enforce-bounds-checks wasm-fast-api wasm-fuzzer-gen-test
  wasm-generate-compilation-hints wasm-generic-wrapper wasm-inlining wasm-inlining-budget
  wasm-inlining-call-indirect wasm-inlining-factor wasm-inlining-ignore-call-counts
  wasm-inlining-max-size wasm-inlining-min-budget wasm-jitless
  wasm-jitless-if-available-for-testing wasm-loop-peeling wasm-loop-peeling-max-size
  wasm-loop-unrolling wasm-math-intrinsics wasm-max-initial-code-space-reservation
  wasm-memory64-trap-handling wasm-native-module-cache wasm-native-module-cache-enabled wasm-opt
  wasm-simd-ssse3-codegen wasm-stack-checks wasm-stack-switching-stack-size wasm-staging
  wasm-test-streaming wasm-tier-mask-for-testing wasm-tier-up-filter wasm-to-js-generic-wrapper
  wasm-trace-native wasm-turboshaft-mask-for-testing wasm-wrapper-tiering-budget
  win64-unwinding-info zero-unused-memory
`
  .trim()
  .split(/\s+/)
  .map((name) => `--${name}`);
