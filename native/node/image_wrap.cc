#include "node/image_wrap.h"

#include "abi.h"
#include "node/argument.h"
#include "node/environment.h"

#include <cstring>
#include <utility>

namespace snapvm {
namespace {

// The place of `bytes` bytes at `offset` in an image of `size` bytes.
size_t offset_at(const Argument& offset, size_t bytes, size_t size) {
  const uint64_t at = offset.whole();
  if (at > size || bytes > size - at)
    offset.refuse_value("where " + std::to_string(bytes) + " bytes are left of an image of " +
                        std::to_string(size));
  return at;
}

} // namespace

void ImageWrap::init(Napi::Env env) {
  const Napi::Function constructor =
      DefineClass(env, "AddonImage",
                  {InstanceMethod<&ImageWrap::read>("read"), InstanceMethod<&ImageWrap::write>("write"),
                   InstanceMethod<&ImageWrap::seal>("seal"), InstanceMethod<&ImageWrap::close>("close")});
  constructor.Get("prototype")
      .As<Napi::Object>()
      .DefineProperties({Napi::PropertyDescriptor::Accessor<&ImageWrap::id>("id"),
                         Napi::PropertyDescriptor::Accessor<&ImageWrap::byte_length>("byteLength"),
                         Napi::PropertyDescriptor::Accessor<&ImageWrap::held_bytes>("heldBytes")});
  Environment::of(env).image_constructor = Napi::Persistent(constructor);
}

ImageWrap::ImageWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ImageWrap>(info) {
  info.This().As<Napi::Object>().TypeTag(&kTypeTag);
}

Napi::Value ImageWrap::wrap(Napi::Env env, std::shared_ptr<Image> image) {
  const Napi::Object object = Environment::of(env).image_constructor.New({});
  Unwrap(object)->image_ = std::move(image);
  return object;
}

Napi::Value ImageWrap::create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const Argument argument(info, 0, "view");
    const auto view = argument.shared_bytes();
    // SAFETY: src/snapshot/image.ts passes a view over all of a growable SharedArrayBuffer of its own, whose
    // pages V8 reserved for it alone and unmaps as one range when it is collected. Checked here: that it is
    // shared, alignment and size.
    if (reinterpret_cast<uintptr_t>(view.data()) % kPage != 0 || view.size() % kPage != 0 || view.empty())
      argument.refuse_value("of whole pages of a growable SharedArrayBuffer, one at least");
    auto image = Image::create(view.size());
    image->map_over(view.data());
    const Napi::Value wrapped = wrap(env, std::move(image));
    Unwrap(wrapped.As<Napi::Object>())->view_ = Napi::Persistent(argument.array<Napi::Uint8Array>());
    return wrapped;
  });
}

Napi::Value ImageWrap::create_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const Argument argument(info, 0, "bytes");
    const uint64_t bytes = argument.whole();
    if (bytes == 0 || bytes % kPage != 0) argument.refuse_value("whole pages, one at least");
    return wrap(env, Image::create(bytes));
  });
}

Napi::Value ImageWrap::open(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    auto image = Image::find(Argument(info, 0, "id").whole());
    if (!image) throw Error("SNAPVM_SNAPSHOT_CLOSED", "no image of that id is open in this process any more");
    return wrap(env, std::move(image));
  });
}

Image& ImageWrap::image(Napi::Env env) const {
  if (image_) return *image_;
  Napi::Error thrown = Napi::Error::New(env, "the image was closed");
  thrown.Set("code", "SNAPVM_SNAPSHOT_CLOSED");
  throw thrown;
}

Napi::Value ImageWrap::id(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const ImageWrap& self = Argument(info.This(), "this").unwrap<ImageWrap>();
  return Napi::Number::New(env, static_cast<double>(self.image(env).id()));
}

Napi::Value ImageWrap::byte_length(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const ImageWrap& self = Argument(info.This(), "this").unwrap<ImageWrap>();
  return Napi::Number::New(env, static_cast<double>(self.image(env).bytes()));
}

Napi::Value ImageWrap::held_bytes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const ImageWrap& self = Argument(info.This(), "this").unwrap<ImageWrap>();
    return Napi::Number::New(env, static_cast<double>(self.image(env).held_bytes()));
  });
}

Napi::Value ImageWrap::read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    Image& from = image(env);
    if (from.data() == nullptr) throw Error(kInternal, "only a sealed image can be read");
    const auto target = Argument(info, 1, "target").bytes();
    const size_t offset = offset_at(Argument(info, 0, "offset"), target.size(), from.bytes());
    if (!target.empty()) std::memcpy(target.data(), from.data() + offset, target.size());
    return env.Undefined();
  });
}

void ImageWrap::write(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  guarded(env, [&] {
    Image& to = image(env);
    if (to.data() != nullptr) throw Error(kInternal, "a sealed image cannot be written");
    const auto source = Argument(info, 1, "bytes").bytes();
    to.write(source, offset_at(Argument(info, 0, "offset"), source.size(), to.bytes()));
  });
}

void ImageWrap::seal(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { image(info.Env()).seal(view_.IsEmpty() ? nullptr : view_.Value().Data()); });
}

// Idempotent. The pages under the view go with it: a garbage collector may leave the view around for long.
void ImageWrap::close(const Napi::CallbackInfo&) {
  const std::shared_ptr<Image> image = std::exchange(image_, nullptr);
  if (!image || view_.IsEmpty()) return;
  // SAFETY: create() mapped exactly these pages, and `view_` has kept them JavaScript's since. The view
  // itself may be longer by now: its buffer can grow.
  Image::unmap_from(view_.Value().Data(), image->bytes());
  view_.Reset();
}

} // namespace snapvm
