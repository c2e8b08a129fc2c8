#pragma once

#include "machine/snapshot.h"

#include <napi.h>
#include <vector>

namespace snapvm {

// AddonSnapshot of src/addon/addon.ts: a descriptor, read once for all its sandboxes of a thread. It names
// its images and does not hold them, so that it keeps no memory of a function that was taken back.
class SnapshotWrap : public Napi::ObjectWrap<SnapshotWrap> {
public:
  // Marks objects of this class, and no others (argument.h).
  static constexpr napi_type_tag kTypeTag{0x5213d191090e4e8a, 0x8d735f80c4cdc7c4};
  static constexpr const char* kClassName = "an AddonSnapshot";

  static Napi::Function define(Napi::Env env);
  explicit SnapshotWrap(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

  // With its images. @throws Error SNAPVM_SNAPSHOT_CLOSED
  Snapshot open() const;

private:
  Snapshot snapshot_; // layers without images
  std::vector<uint64_t> images_;
  int64_t bytes_ = 0; // what V8 has to know of, to collect it in time
};

} // namespace snapvm
