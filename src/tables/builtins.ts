/**
 * The effect of each export of Node's builtin modules, for Node 22 to 26 together. Each module has
 * a list of names for each effect.
 *
 * - `harmless`: it does not turn data into code.
 * - `checked`: it brings in code, and the part of the preload in the comment checks that code.
 * - anything else is a gate: `strict` closes the export, unless that gate is left open.
 *
 * Numbers, strings and symbols are not code and need no row. An export or module without a row has
 * an unknown effect, so `strict` closes it with the gate `unknown`. test/tables/builtins.test.ts
 * compares the table with each Node.
 */
export type ExportRows = Readonly<Record<string, string>>;

/** The export that every module has which is a function. */
export const ON_FUNCTIONS = 'prototype';

/** Only `strict` calls it, so that no other start of Node reads the table. */
export const builtinRows = (): Readonly<Record<string, ExportRows>> => ({
  _http_agent: { harmless: 'Agent globalAgent' },
  _http_client: { harmless: 'ClientRequest' },
  _http_common: {
    harmless: `
      HTTPParser _checkInvalidHeaderChar _checkIsHttpToken calculateLenientFlags chunkExpression
      continueExpression freeParser isLenient methods parsers prepareError`,
  },
  _http_incoming: { harmless: 'IncomingMessage readStart readStop' },
  _http_outgoing: {
    harmless: 'OutgoingMessage parseUniqueHeadersOption validateHeaderName validateHeaderValue',
  },
  _http_server: {
    harmless: `
      STATUS_CODES Server ServerResponse _connectionListener httpServerPreClose
      setupConnectionsTracking storeHTTPOptions`,
  },
  _stream_duplex: { harmless: 'from fromWeb toWeb' },
  _stream_passthrough: { harmless: '' },
  _stream_readable: { harmless: 'ReadableState _fromList from fromWeb toWeb wrap' },
  _stream_transform: { harmless: '' },
  _stream_wrap: { harmless: 'StreamWrap' },
  _stream_writable: { harmless: 'WritableState fromWeb toWeb' },
  // As in node:tls.
  _tls_common: {
    checked: 'SecureContext createSecureContext',
    harmless: 'translatePeerCertificate',
  },
  _tls_wrap: { harmless: 'Server TLSSocket connect createServer' },
  assert: {
    harmless: `
      Assert AssertionError CallTracker deepEqual deepStrictEqual doesNotMatch doesNotReject
      doesNotThrow equal fail ifError match notDeepEqual notDeepStrictEqual notEqual
      notStrictEqual ok partialDeepStrictEqual rejects strict strictEqual throws`,
  },
  async_hooks: {
    harmless: `
      AsyncLocalStorage AsyncResource asyncWrapProviders createHook executionAsyncId
      executionAsyncResource triggerAsyncId`,
  },
  // The loaders load the file of a benchmark, in this process or in a child.
  bench: {
    checked: 'createRunner run runFile',
    harmless: 'after afterEach before beforeEach bench describe only skip suite',
  },
  'bench/reporters': { harmless: 'json spec' },
  buffer: {
    harmless: `
      Blob Buffer File INSPECT_MAX_BYTES SlowBuffer atob btoa constants isAscii isUtf8
      resolveObjectURL transcode`,
  },
  // inherit/children.ts: child processes get the preload.
  child_process: {
    checked: 'ChildProcess _forkChild exec execFile execFileSync execSync fork spawn spawnSync',
  },
  // node:child_process starts its workers.
  cluster: {
    checked: 'fork setupMaster setupPrimary',
    harmless: 'Worker _events disconnect settings workers',
  },
  // Profiles and tasks send data to an inspector, and receive none.
  console: {
    harmless: `
      Console _stderr _stderrErrorHandler _stdout _stdoutErrorHandler _times assert clear context
      count countReset createTask debug dir dirxml error group groupCollapsed groupEnd info log
      profile profileEnd table time timeEnd timeLog timeStamp trace warn`,
  },
  constants: { harmless: '' },
  // guard/shared-objects.ts: an engine is a shared object.
  crypto: {
    checked: 'setEngine',
    harmless: `
      Certificate Cipheriv Decipheriv DiffieHellman DiffieHellmanGroup ECDH Hash
      Hmac KeyObject Sign Verify X509Certificate argon2 argon2Sync checkPrime checkPrimeSync
      constants createCipheriv createDecipheriv createDiffieHellman
      createDiffieHellmanGroup createECDH createHash createHmac createMac createPrivateKey
      createPublicKey createSecretKey createSign createVerify decapsulate diffieHellman
      encapsulate fips generateKey generateKeyPair generateKeyPairSync generateKeySync
      generatePrime generatePrimeSync getCipherInfo getCiphers getCurves getDiffieHellman getFips
      getHashes getMacs getRandomValues hash hkdf hkdfSync parsePKCS12 pbkdf2 pbkdf2Sync
      privateDecrypt privateEncrypt prng pseudoRandomBytes publicDecrypt publicEncrypt randomBytes
      randomFill randomFillSync randomInt randomUUID randomUUIDv7 rng scrypt scryptSync
      secureHeapUsed setFips sign subtle timingSafeEqual verify webcrypto`,
  },
  dgram: { harmless: 'Socket _createSocketHandle createSocket' },
  diagnostics_channel: {
    harmless: `
      BoundedChannel Channel boundedChannel channel hasSubscribers subscribe tracingChannel
      unsubscribe`,
  },
  dns: {
    harmless: `
      Resolver getDefaultResultOrder getServers lookup lookupService promises resolve resolve4
      resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr
      resolveSoa resolveSrv resolveTlsa resolveTxt reverse setDefaultResultOrder setServers`,
  },
  'dns/promises': {
    harmless: `
      Resolver getDefaultResultOrder getServers lookup lookupService resolve resolve4 resolve6
      resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa
      resolveSrv resolveTlsa resolveTxt reverse setDefaultResultOrder setServers`,
  },
  domain: { harmless: 'Domain _stack active create createDomain' },
  // Only some builds of Node have it.
  dtls: {
    harmless: 'DTLSEndpoint DTLSSecureContext DTLSSession connect createSecureContext listen',
  },
  events: {
    harmless: `
      EventEmitter EventEmitterAsyncResource addAbortListener captureRejections
      defaultMaxListeners getEventListeners getMaxListeners init listenerCount on once
      setMaxListeners`,
  },
  // With these a program can write to any address and call it.
  ffi: {
    ffi: `
      DynamicLibrary dlclose dlopen dlsym exportArrayBuffer exportArrayBufferView exportBuffer
      exportString getCurrentEventLoop getFloat32 getFloat64 getInt16 getInt32 getInt64 getInt8
      getRawPointer getUint16 getUint32 getUint64 getUint8 setFloat32 setFloat64 setInt16 setInt32
      setInt64 setInt8 setUint16 setUint32 setUint64 setUint8 toArrayBuffer toBuffer toString`,
    harmless: 'types',
  },
  // Reads and writes files. Their content is data until another module turns it into code.
  fs: {
    harmless: `
      Dir Dirent F_OK FileReadStream FileWriteStream R_OK ReadStream Stats Utf8Stream W_OK
      WriteStream X_OK _toUnixTimestamp access accessSync appendFile appendFileSync chmod
      chmodSync chown chownSync close closeSync constants copyFile copyFileSync cp cpSync
      createReadStream createWriteStream exists existsSync fchmod fchmodSync fchown fchownSync
      fdatasync fdatasyncSync fstat fstatSync fsync fsyncSync ftruncate ftruncateSync futimes
      futimesSync glob globSync lchown lchownSync link linkSync lstat lstatSync lutimes
      lutimesSync mkdir mkdirSync mkdtemp mkdtempDisposableSync mkdtempSync open openAsBlob
      openAsBlobSync openSync opendir opendirSync promises read readFile readFileSync readSync
      readdir readdirSync readlink readlinkSync readv readvSync realpath realpathSync rename
      renameSync rm rmSync rmdir rmdirSync stat statSync statfs statfsSync symlink symlinkSync
      truncate truncateSync unlink unlinkSync unwatchFile utimes utimesSync watch watchFile write
      writeFile writeFileSync writeSync writev writevSync`,
  },
  'fs/promises': {
    harmless: `
      access appendFile chmod chown constants copyFile cp glob lchmod lchown link lstat lutimes
      mkdir mkdtemp mkdtempDisposable open opendir readFile readdir readlink realpath rename rm
      rmdir stat statfs symlink truncate unlink utimes watch writeFile`,
  },
  // The global names of every script. guard/eval.ts and guard/webassembly.ts guard three of them.
  // Worker and ShadowRealm exist only with options that the start check refuses.
  globalThis: {
    checked: 'Function ShadowRealm WebAssembly Worker eval process',
    harmless: `
      AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics
      BigInt BigInt64Array BigUint64Array Blob Boolean BroadcastChannel Buffer
      ByteLengthQueuingStrategy CloseEvent CompressionStream CountQueuingStrategy Crypto CryptoKey
      CustomEvent DOMException DataView Date DecompressionStream DisposableStack Error ErrorEvent
      EvalError Event EventSource EventTarget File FinalizationRegistry Float16Array Float32Array
      Float64Array FormData Headers Int16Array Int32Array Int8Array Intl Iterator JSON Map Math
      MessageChannel MessageEvent MessagePort Navigator Number Object Performance PerformanceEntry
      PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList
      PerformanceResourceTiming Promise Proxy QuotaExceededError RangeError
      ReadableByteStreamController ReadableStream ReadableStreamBYOBReader
      ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader
      ReferenceError Reflect RegExp Request Response Set SharedArrayBuffer Storage String
      SubtleCrypto SuppressedError Symbol SyntaxError Temporal TextDecoder TextDecoderStream
      TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController TypeError
      URIError URL URLPattern URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray
      WeakMap WeakRef WeakSet WebSocket WritableStream WritableStreamDefaultController
      WritableStreamDefaultWriter atob btoa clearImmediate clearInterval clearTimeout console
      crypto decodeURI decodeURIComponent encodeURI encodeURIComponent escape fetch gc global
      globalThis isFinite isNaN localStorage navigator parseFloat parseInt performance
      queueMicrotask sessionStorage setImmediate setInterval setTimeout structuredClone unescape`,
  },
  http: {
    harmless: `
      Agent ClientRequest CloseEvent IncomingMessage METHODS MessageEvent OutgoingMessage
      STATUS_CODES Server ServerResponse WebSocket _connectionListener createServer get
      globalAgent maxHeaderSize request setGlobalProxyFromEnv setMaxIdleHTTPParsers
      validateHeaderName validateHeaderValue`,
  },
  http2: {
    harmless: `
      Http2ServerRequest Http2ServerResponse connect constants createSecureServer createServer
      getDefaultSettings getPackedSettings getUnpackedSettings performServerHandshake`,
  },
  https: { harmless: 'Agent Server createServer get globalAgent request' },
  // The harmless exports send data to a debugger, or close the port.
  inspector: {
    inspector: 'Session open waitForDebugger',
    harmless: 'DOMStorage Network NetworkResources close console url',
  },
  'inspector/promises': {
    inspector: 'Session open waitForDebugger',
    harmless: 'DOMStorage Network NetworkResources close console url',
  },
  // The hooks check all loads. Module and prototype have _compile, which guard/compile.ts guards.
  module: {
    checked: `
      Module _extensions _load _preloadModules createRequire enableCompileCache prototype register
      registerHooks runMain stripTypeScriptTypes wrap wrapper`,
    harmless: `
      SourceMap _cache _debug _findPath _initPaths _nodeModulePaths _pathCache _readPackage
      _resolveFilename _resolveLookupPaths _stat builtinModules constants findPackageJSON
      findSourceMap flushCompileCache getCompileCacheDir getSourceMapsSupport globalPaths
      isBuiltin setSourceMapsSupport syncBuiltinESMExports`,
  },
  net: {
    harmless: `
      BlockList BoundSocket Server Socket SocketAddress Stream _TransferredBoundSocket
      _createServerHandle _normalizeArgs _setSimultaneousAccepts connect createConnection
      createServer getDefaultAutoSelectFamily getDefaultAutoSelectFamilyAttemptTimeout isIP isIPv4
      isIPv6 setDefaultAutoSelectFamily setDefaultAutoSelectFamilyAttemptTimeout`,
  },
  os: {
    harmless: `
      arch availableParallelism constants cpus endianness freemem getPriority homedir hostname
      loadavg machine networkInterfaces platform release setPriority tmpdir totalmem type uptime
      userInfo version`,
  },
  path: {
    harmless: `
      _makeLong basename dirname extname format isAbsolute join matchesGlob normalize parse posix
      relative resolve toNamespacedPath win32`,
  },
  perf_hooks: {
    harmless: `
      Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver
      PerformanceObserverEntryList PerformanceResourceTiming constants createHistogram
      createSlidingWindowHistogram eventLoopUtilization importHistogram monitorEventLoopDelay
      performance timerify`,
  },
  // loadEnvFile sets variables, and inherit/ decides which of them a child gets. The names from
  // _channel on exist in a forked process.
  process: {
    binding: '_linkedBinding binding',
    inspector: '_debugProcess',
    checked: 'dlopen execve getBuiltinModule mainModule',
    harmless: `
      _breakFirstLine _channel _debugEnd _disconnect _eval _events _eventsCount _exiting
      _fatalException _forceRepl _getActiveHandles _getActiveRequests _handleQueue _kill
      _maxListeners _pendingMessage _preload_modules _print_eval _rawDebug _send
      _startProfilerIdleNotifier _stopProfilerIdleNotifier _syntax_check_only _tickCallback abort
      addUncaughtExceptionCaptureCallback allowedNodeEnvironmentFlags arch argv argv0 assert
      availableMemory channel chdir config connected constrainedMemory cpuUsage cwd debugPort
      disconnect domain emitWarning env execArgv execPath exit exitCode features finalization
      getActiveResourcesInfo getegid geteuid getgid getgroups getuid
      hasUncaughtExceptionCaptureCallback hrtime initgroups kill loadEnvFile memoryUsage
      moduleLoadList nextTick noDeprecation noProcessWarnings openStdin permission pid platform
      ppid profProcess reallyExit ref release report resourceUsage send setSourceMapsEnabled
      setUncaughtExceptionCaptureCallback setegid seteuid setgid setgroups setuid
      sourceMapsEnabled stderr stdin stdout threadCpuUsage throwDeprecation title traceDeprecation
      traceProcessWarnings umask unref uptime version versions`,
  },
  punycode: { harmless: 'decode encode toASCII toUnicode ucs2' },
  querystring: { harmless: 'decode encode escape parse stringify unescape unescapeBuffer' },
  // Only some builds of Node have it.
  quic: {
    harmless: `
      QuicEndpoint QuicError QuicSession QuicStream connect constants listEndpoints listen`,
  },
  readline: {
    harmless: `
      Interface clearLine clearScreenDown createInterface cursorTo emitKeypressEvents moveCursor
      promises`,
  },
  'readline/promises': { harmless: 'Interface Readline createInterface' },
  // isValidSyntax only parses.
  repl: {
    repl: 'REPLServer start',
    harmless: 'Recoverable _builtinLibs builtinModules isValidSyntax writer',
  },
  // Assets are data.
  sea: { harmless: 'getAsset getAssetAsBlob getAssetKeys getRawAsset isSea' },
  // guard/shared-objects.ts: an extension is a shared object. SQL itself cannot load one.
  sqlite: {
    checked: 'DatabaseSync',
    harmless: 'Session StatementSync backup constants',
  },
  stream: {
    harmless: `
      Duplex PassThrough Readable Stream Transform Writable _isArrayBufferView _isUint8Array
      _uint8ArrayToBuffer addAbortSignal compose destroy duplexPair finished
      getDefaultHighWaterMark isDestroyed isDisturbed isErrored isReadable isWritable pipeline
      promises setDefaultHighWaterMark`,
  },
  'stream/consumers': { harmless: 'arrayBuffer blob buffer bytes json text' },
  'stream/iter': {
    harmless: `
      Broadcast Share Stream SyncShare array arrayBuffer arrayBufferSync arraySync broadcast bytes
      bytesSync duplex from fromReadable fromSync fromWritable merge ondrain pipeTo pipeToSync
      pull pullSync push share shareSync tap tapSync text textSync toReadable toReadableSync
      toWritable`,
  },
  'stream/promises': { harmless: 'finished pipeline' },
  'stream/web': {
    harmless: `
      ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy DecompressionStream
      ReadableByteStreamController ReadableStream ReadableStreamBYOBReader
      ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader
      ReadableStreamTee TextDecoderStream TextEncoderStream TransformStream
      TransformStreamDefaultController WritableStream WritableStreamDefaultController
      WritableStreamDefaultWriter`,
  },
  string_decoder: { harmless: 'StringDecoder' },
  // mock.module exists only with an option that strict refuses. Test files and snapshots are
  // checked: load/snapshots.ts.
  test: {
    checked: 'mock run snapshot',
    harmless: `
      after afterEach assert before beforeEach describe expectFailure getTestContext it only skip
      suite test todo`,
  },
  'test/reporters': { harmless: 'dot junit lcov spec tap' },
  timers: {
    harmless: `
      _unrefActive active clearImmediate clearInterval clearTimeout enroll promises setImmediate
      setInterval setTimeout unenroll`,
  },
  'timers/promises': { harmless: 'scheduler setImmediate setInterval setTimeout' },
  // guard/shared-objects.ts: an engine holds keys.
  tls: {
    checked: 'SecureContext createSecureContext',
    harmless: `
      Server TLSSocket checkServerIdentity connect convertALPNProtocols createSecurePair
      createServer getCACertificates getCertificateCompressionAlgorithms getCiphers
      rootCertificates setDefaultCACertificates`,
  },
  trace_events: { harmless: 'createTracing getEnabledCategories' },
  tty: { harmless: 'ReadStream WriteStream isatty' },
  url: {
    harmless: `
      URL URLPattern URLSearchParams Url domainToASCII domainToUnicode fileURLToPath
      fileURLToPathBuffer format parse pathToFileURL resolve resolveObject urlToHttpOptions`,
  },
  util: {
    harmless: `
      MIMEParams MIMEType TextDecoder TextEncoder _errnoException _exceptionWithHostPort _extend
      aborted callbackify convertProcessSignalToExitCode debounce debug debuglog deprecate diff
      format formatWithOptions getCallSite getCallSites getSystemErrorMap getSystemErrorMessage
      getSystemErrorName inherits inspect isArray isBoolean isBuffer isDate isDeepStrictEqual
      isError isFunction isNull isNullOrUndefined isNumber isObject isPrimitive isRegExp isString
      isSymbol isUndefined log markPromiseAsHandled parseArgs parseEnv promisify setTraceSigInt
      stripVTControlCharacters styleText throttle toUSVString transferableAbortController
      transferableAbortSignal types`,
  },
  'util/types': {
    harmless: `
      isAnyArrayBuffer isArgumentsObject isArrayBuffer isArrayBufferView isAsyncFunction
      isBigInt64Array isBigIntObject isBigUint64Array isBooleanObject isBoxedPrimitive isCryptoKey
      isDataView isDate isExternal isFloat16Array isFloat32Array isFloat64Array
      isGeneratorFunction isGeneratorObject isInt16Array isInt32Array isInt8Array isKeyObject
      isMap isMapIterator isModuleNamespaceObject isNativeError isNumberObject isPromise isProxy
      isRegExp isSet isSetIterator isSharedArrayBuffer isStringObject isSymbolObject isTypedArray
      isUint16Array isUint32Array isUint8Array isUint8ClampedArray isWeakMap isWeakSet`,
  },
  // deserialize makes objects, never functions. startupSnapshot works only while a snapshot is
  // built, which the start check refuses.
  v8: {
    flags: 'setFlagsFromString',
    harmless: `
      DefaultDeserializer DefaultSerializer Deserializer GCProfiler Serializer
      cachedDataVersionTag deserialize getCppHeapStatistics getHeapCodeStatistics getHeapSnapshot
      getHeapSpaceStatistics getHeapStatistics isStringOneByteRepresentation promiseHooks
      queryObjects serialize setHeapProfileNearHeapLimit setHeapSnapshotNearHeapLimit
      startCpuProfile startHeapProfile startupSnapshot stopCoverage takeCoverage writeHeapSnapshot`,
  },
  // Mounted files can be read. As code they are refused: load/virtual.ts.
  vfs: {
    harmless: `
      MemoryProvider RealFSProvider VirtualFileSystem VirtualProvider ZipProvider create
      registerProvider`,
  },
  // V8's flag does not apply to the Function of a realm from createContext. SyntheticModule
  // compiles nothing, but its class leads to Module, which compiles.
  vm: {
    vm: `
      Module Script SourceTextModule SyntheticModule compileFunction createContext createScript
      runInContext runInNewContext runInThisContext`,
    harmless: 'constants isContext measureMemory',
  },
  // Runs a WebAssembly.Instance, which has already been compiled.
  wasi: { harmless: 'WASI' },
  // inherit/workers.ts. A port that is moved to another realm gives access to the Function of that
  // realm.
  worker_threads: {
    checked: 'Worker',
    vm: 'moveMessagePortToContext',
    harmless: `
      BroadcastChannel MessageChannel MessagePort getEnvironmentData isMarkedAsUntransferable
      locks markAsUncloneable markAsUntransferable parentPort postMessageToThread
      receiveMessageOnPort resourceLimits setEnvironmentData workerData`,
  },
  zlib: {
    harmless: `
      BrotliCompress BrotliDecompress Deflate DeflateRaw Gunzip Gzip Inflate InflateRaw Unzip
      ZipBuffer ZipEntry ZipFile ZstdCompress ZstdDecompress brotliCompress brotliCompressSync
      brotliDecompress brotliDecompressSync codes constants crc32 createBrotliCompress
      createBrotliDecompress createDeflate createDeflateRaw createGunzip createGzip createInflate
      createInflateRaw createUnzip createZipArchive createZipArchiveSync createZstdCompress
      createZstdDecompress deflate deflateRaw deflateRawSync deflateSync getMaxZipContentSize
      gunzip gunzipSync gzip gzipSync inflate inflateRaw inflateRawSync inflateSync
      setMaxZipContentSize unzip unzipSync zipFiles zstdCompress zstdCompressSync zstdDecompress
      zstdDecompressSync`,
  },
  'zlib/iter': {
    harmless: `
      compressBrotli compressBrotliSync compressDeflate compressDeflateSync compressGzip
      compressGzipSync compressZstd compressZstdSync decompressBrotli decompressBrotliSync
      decompressDeflate decompressDeflateSync decompressGzip decompressGzipSync decompressZstd
      decompressZstdSync`,
  },
});

/** Other names of the same module. */
export const SAME: Readonly<Record<string, string>> = {
  'assert/strict': 'assert',
  'path/posix': 'path',
  'path/win32': 'path',
  sys: 'util',
};
