{
  "targets": [
    {
      "target_name": "mayexec",
      "conditions": [
        ["OS=='linux'", {
          "includes": ["native/sources.gypi"],
          "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
          "defines": [
            "NAPI_VERSION=8", "MAYEXEC_GLIBC_FLOOR",
            "NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"
          ],
          # One file for every libc, the same in every folder: see native/glibc_floor.h.
          "cflags!": ["-O3"],
          "cflags": [
            "-O2", "-Wall", "-Wextra", "-fvisibility=hidden", "-fstack-protector-strong",
            "-ffunction-sections", "-fdata-sections",
            "-U_FORTIFY_SOURCE",
            "-ffile-prefix-map=<(module_root_dir)=."
          ],
          "cflags_c": ["-std=c11"],
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
    },
    {
      "target_name": "mayexec-run",
      "variables": {
        # A static libc is a package of its own on some systems; without it all else is built.
        "has_static_libc%": "<!(echo 'int main(void) { return 0; }' | ${CC:-cc} -static-pie -fPIE -x c - -o /dev/null 2>/dev/null && echo 1 || echo 0)"
      },
      "conditions": [
        ["OS=='linux' and has_static_libc==1", {
          "type": "executable",
          "includes": ["native/run/sources.gypi"],
          "include_dirs": ["native/run"],
          "sources": ["<(INTERMEDIATE_DIR)/tables.c"],
          "actions": [{
            "action_name": "tables",
            "inputs": ["native/run/tables.mjs"],
            "outputs": ["<(INTERMEDIATE_DIR)/tables.c"],
            "action": ["node", "native/run/tables.mjs", "<@(_outputs)"]
          }],
          "cflags": ["-Wall", "-Wextra", "-fPIE", "-Os", "-ffunction-sections", "-fdata-sections", "-fstack-protector-strong"],
          "cflags!": ["-O3", "-fPIC", "-fno-omit-frame-pointer"],
          "cflags_c": ["-std=c11"],
          "ldflags": ["-static-pie", "-s", "-Wl,--gc-sections", "-Wl,-z,relro,-z,now"],
          "ldflags!": ["-rdynamic"]
        }, {
          "type": "none"
        }]
      ]
    }
  ]
}
