#include "node/image_wrap.h"

#include "abi.h"
#include "node/environment.h"

#include <cstring>

namespace snapvm {

void ImageWrap::init(Napi::Env env) {
  const Napi::Function constructor = DefineClass(
      env, "AddonImage",
      {InstanceAccessor<&ImageWrap::id>("id"), InstanceAccessor<&ImageWrap::byte_length>("byteLength"),
       InstanceAccessor<&ImageWrap::held_bytes>("heldBytes"), InstanceMethod<&ImageWrap::read>("read"),
       InstanceMethod<&ImageWrap::write>("write"), InstanceMethod<&ImageWrap::seal>("seal"),
       InstanceMethod<&ImageWrap::close>("close")});
  Environment::of(env).image_constructor = Napi::Persistent(constructor);
}

Napi::Value ImageWrap::wrap(Napi::Env env, std::shared_ptr<Image> image) {
  const Napi::Object object = Environment::of(env).image_constructor.New({});
  Unwrap(object)->image_ = std::move(image);
  return object;
}

Napi::Value ImageWrap::create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    auto view = info[0].As<Napi::Uint8Array>();
    // SAFETY: src/snapshot/image.ts passes a view over all of a growable SharedArrayBuffer of its own, whose
    // pages V8 reserved for it alone and unmaps as one range when it is collected. Checked here: alignment
    // and size.
    if (reinterpret_cast<uintptr_t>(view.Data()) % kPage != 0 || view.ByteLength() % kPage != 0 ||
        view.ByteLength() == 0) {
      throw Error(kInternal, "an image needs whole pages of a growable SharedArrayBuffer");
    }
    auto image = Image::create(view.ByteLength());
    image->map_over(view.Data());
    const Napi::Value wrapped = wrap(env, std::move(image));
    Unwrap(wrapped.As<Napi::Object>())->view_ = Napi::Persistent(view);
    return wrapped;
  });
}

Napi::Value ImageWrap::create_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const int64_t bytes = info[0].As<Napi::Number>().Int64Value();
    if (bytes <= 0 || static_cast<uint64_t>(bytes) % kPage != 0) {
      throw Error(kInternal, "a layer has whole pages, and one at least");
    }
    return wrap(env, Image::create(static_cast<size_t>(bytes)));
  });
}

Napi::Value ImageWrap::open(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const double id = info[0].As<Napi::Number>().DoubleValue();
    auto image = Image::find(static_cast<uint64_t>(id));
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
  return Napi::Number::New(info.Env(), static_cast<double>(image(info.Env()).id()));
}

Napi::Value ImageWrap::byte_length(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(image(info.Env()).bytes()));
}

Napi::Value ImageWrap::held_bytes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] { return Napi::Number::New(env, static_cast<double>(image(env).held_bytes())); });
}

Napi::Value ImageWrap::read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    Image& from = image(env);
    if (from.data() == nullptr) throw Error(kInternal, "only a sealed image can be read");
    const int64_t offset = info[0].As<Napi::Number>().Int64Value();
    auto target = info[1].As<Napi::Uint8Array>();
    if (offset < 0 || static_cast<uint64_t>(offset) > from.bytes() ||
        target.ByteLength() > from.bytes() - static_cast<uint64_t>(offset)) {
      throw Error(kInternal, "a read past the end of an image");
    }
    std::memcpy(target.Data(), from.data() + offset, target.ByteLength());
    return env.Undefined();
  });
}

void ImageWrap::write(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  guarded(env, [&] {
    Image& to = image(env);
    if (to.data() != nullptr) throw Error(kInternal, "a sealed image cannot be written");
    const int64_t offset = info[0].As<Napi::Number>().Int64Value();
    auto source = info[1].As<Napi::Uint8Array>();
    if (offset < 0 || static_cast<uint64_t>(offset) > to.bytes() ||
        source.ByteLength() > to.bytes() - static_cast<uint64_t>(offset)) {
      throw Error(kInternal, "a write past the end of an image");
    }
    to.write({source.Data(), source.ByteLength()}, static_cast<size_t>(offset));
  });
}

void ImageWrap::seal(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { image(info.Env()).seal(view_.IsEmpty() ? nullptr : view_.Value().Data()); });
}

// Idempotent. The pages under the view go with it: a garbage collector may leave the view around for long.
void ImageWrap::close(const Napi::CallbackInfo&) {
  image_.reset();
  if (view_.IsEmpty()) return;
  auto view = view_.Value();
  Image::unmap_from(view.Data(), view.ByteLength());
  view_.Reset();
}

} // namespace snapvm
