#pragma once

#include <napi.h>

namespace snapvm {

// Of the test build only: `faults` of test/support/faults.ts.
Napi::Object make_faults_object(Napi::Env env);

} // namespace snapvm
