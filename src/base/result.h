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

// The result with "context: " before the message of its error, if it has one.
template <class T>
Result<T> WithContext(Result<T> result, std::string_view context) {
  if (!result) result.error() = WithContext(std::move(result.error()), context);
  return result;
}

}  // namespace dbxes

// In a function that returns a Result (or another tl::expected): `TRY(Save());` returns the error
// of Save, if it has one, and `TRY_ASSIGN(const auto page, Read());` the error of Read, or else
// initialises `page` with its value.
#define TRY(...)                                              \
  do {                                                        \
    if (auto tried = (__VA_ARGS__); !tried) [[unlikely]]      \
      return ::tl::make_unexpected(std::move(tried).error()); \
  } while (false)
#define TRY_ASSIGN(target, ...) DBXES_TRY_ASSIGN_AT(__LINE__, target, __VA_ARGS__)
#define DBXES_TRY_ASSIGN_AT(line, target, ...) DBXES_TRY_ASSIGN_LINE(line, target, __VA_ARGS__)
#define DBXES_TRY_ASSIGN_LINE(line, target, ...) \
  DBXES_TRY_ASSIGN_TO(tried_##line, target, __VA_ARGS__)
#define DBXES_TRY_ASSIGN_TO(tried, target, ...)             \
  auto tried = (__VA_ARGS__);                               \
  if (!tried) [[unlikely]]                                  \
    return ::tl::make_unexpected(std::move(tried).error()); \
  target = *std::move(tried)
