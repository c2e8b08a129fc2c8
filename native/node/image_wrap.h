#pragma once

#include "memory/image.h"

#include <memory>
#include <napi.h>

namespace snapvm {

// AddonImage of src/addon/addon.ts: one thread's handle on an image.
class ImageWrap : public Napi::ObjectWrap<ImageWrap> {
public:
  // Marks objects of this class, and no others (argument.h).
  static constexpr napi_type_tag kTypeTag{0x8ddbe4bd1a01410d, 0x8846bb68781a92a3};
  static constexpr const char* kClassName = "an AddonImage";

  static void init(Napi::Env env);
  // createImage(view), createLayer(bytes) and openImage(id)
  static Napi::Value create(const Napi::CallbackInfo& info);
  static Napi::Value create_layer(const Napi::CallbackInfo& info);
  static Napi::Value open(const Napi::CallbackInfo& info);
  static Napi::Value wrap(Napi::Env env, std::shared_ptr<Image> image);

  explicit ImageWrap(const Napi::CallbackInfo& info);

private:
  // Getters, unlike methods, may be called on any object: node-api gives them no signature.
  static Napi::Value id(const Napi::CallbackInfo& info);
  static Napi::Value byte_length(const Napi::CallbackInfo& info);
  static Napi::Value held_bytes(const Napi::CallbackInfo& info);
  Napi::Value read(const Napi::CallbackInfo& info);
  void write(const Napi::CallbackInfo& info);
  void seal(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  Image& image(Napi::Env env) const;

  std::shared_ptr<Image> image_;
  Napi::Reference<Napi::Uint8Array> view_; // whose pages are the image's, until it is closed
};

} // namespace snapvm
