{
  "targets": [
    {
      "target_name": "snapvm",
      "sources": [
        "native/addon.cc",
        "native/kvm/exit.cc",
        "native/kvm/flexible.c",
        "native/kvm/host.cc",
        "native/kvm/interrupter.cc",
        "native/kvm/port_probe.cc",
        "native/kvm/registers.cc",
        "native/kvm/sandbox.cc",
        "native/kvm/sandbox_exits.cc",
        "native/kvm/shell.cc",
        "native/kvm/sticky_set.cc",
        "native/kvm/vm.cc",
        "native/memory/guest_memory.cc",
        "native/memory/image.cc",
        "native/memory/message.cc",
        "native/node/environment.cc",
        "native/node/image_wrap.cc",
        "native/node/sandbox_wrap.cc",
        "native/node/server_wrap.cc",
        "native/pool/ring.cc"
      ],
      "include_dirs": ["native", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=9", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "ldflags": ["-Wl,-z,nodelete"],
      "cflags": ["-Wall", "-Wextra", "-Werror", "-O2", "-fvisibility=hidden"],
      "cflags_c": ["-std=c11"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": ["-std=c++20", "-fexceptions"]
    }
  ]
}
