// SPDX-License-Identifier: Apache-2.0
// The result of everything that can fail: a value or an Error (base/error.h).
#pragma once

#include <tl/expected.hpp>

#include "base/error.h"

namespace dbxes {

template <class T>
using Result = tl::expected<T, Error>;

// `return Fail(ErrorKind::kConfig, "...")` from any function that returns a Result.
inline tl::unexpected<Error> Fail(ErrorKind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message)});
}
inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace dbxes
