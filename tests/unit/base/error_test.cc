// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace dbxes {

TEST_CASE("every kind has a name of its own") {
  std::set<std::string_view> names;
  constexpr int kKinds = static_cast<int>(ErrorKind::kInternal) + 1;
  for (int kind = 0; kind < kKinds; ++kind) names.insert(ToString(static_cast<ErrorKind>(kind)));
  CHECK(names.size() == kKinds);
  CHECK(ToString(ErrorKind::kUsage) == "usage");
  CHECK(ToString(ErrorKind::kCursorReset) == "cursor_reset");
  CHECK(ToString(ErrorKind::kInternal) == "internal");
}

TEST_CASE("a line names the request that Dropbox can look up") {
  Error error{ErrorKind::kTemporary, "Dropbox answered 500"};
  CHECK(error.ToLine() == "Dropbox answered 500");
  error.request_id = "0f3c";
  CHECK(error.ToLine() == "Dropbox answered 500 (Dropbox request 0f3c)");
}

TEST_CASE("context comes before the message and leaves the rest alone") {
  Error error{ErrorKind::kAuth, "refused"};
  error.http_status = 401;
  error.tag = "missing_scope";
  const Error wrapped = WithContext(error, "listing received files");
  CHECK(wrapped.message == "listing received files: refused");
  CHECK(wrapped.kind == ErrorKind::kAuth);
  CHECK(wrapped.http_status == 401);
  CHECK(wrapped.tag == "missing_scope");
}

}  // namespace dbxes
