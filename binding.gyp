{
  "targets": [
    {
      "target_name": "mayexec",
      "conditions": [
        ["OS=='linux'", {
          "includes": ["native/sources.gypi"],
          "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
          "defines": [
            "NAPI_VERSION=8",
            "NODE_ADDON_API_DISABLE_DEPRECATED",
            "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
            "NAPI_DISABLE_CPP_EXCEPTIONS",
            "MAYEXEC_GLIBC_FLOOR"
          ],
          # One file for every libc, the same in every folder: see native/runtime.cc.
          "cflags!": ["-O3"],
          "cflags": [
            "-O2", "-Wall", "-Wextra", "-fvisibility=hidden", "-fstack-protector-strong",
            "-ffunction-sections", "-fdata-sections",
            "-U_FORTIFY_SOURCE",
            "-ffile-prefix-map=<(module_root_dir)=."
          ],
          "cflags_c": ["-std=c11"],
          "cflags_cc": ["-fno-threadsafe-statics"],
          "conditions": [
            ["target_arch=='arm64'", { "cflags": ["-mno-outline-atomics"] }],
            # There is one size of offsets, and a libc need not have it under two names.
            ["target_arch=='x64' or target_arch=='arm64'", { "defines!": ["_FILE_OFFSET_BITS=64"] }]
          ],
          "ldflags": [
            "-s", "-static-libgcc", "-static-libstdc++", "-Wl,--as-needed", "-Wl,--gc-sections",
            "-Wl,--version-script=<(module_root_dir)/native/exports.map",
            "-Wl,--build-id=none", "-Wl,-z,relro,-z,now"
          ]
        }, {
          # Elsewhere there is nothing to build; every call explains that.
          "type": "none"
        }]
      ]
    }
  ]
}
