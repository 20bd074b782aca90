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
            "NAPI_DISABLE_CPP_EXCEPTIONS"
          ],
          "cflags": ["-Wall", "-Wextra", "-fvisibility=hidden", "-fstack-protector-strong"],
          "cflags_c": ["-std=c11"],
          "ldflags": ["-static-libgcc", "-static-libstdc++", "-Wl,-z,relro,-z,now"]
        }, {
          # Elsewhere there is nothing to build; every call explains that.
          "type": "none"
        }]
      ]
    }
  ]
}
