// SPDX-License-Identifier: Apache-2.0
#include "documents/body.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::documents {
namespace {

std::string WithBody(const DocumentBody& body, bool partial) {
  std::string source = R"({"id":"1"})";
  AddBody(body, partial, source);
  return source;
}

}  // namespace

TEST_CASE("a new document gets the fields that there are") {
  CHECK(WithBody({"a \"b\"\n\\", "", "", false, 0xabc}, false) ==
        R"({"id":"1","body":"a \"b\"\n\\","body_fingerprint":"0000000000000abc"})");
  CHECK(WithBody({"a", "t", "w", true, 1}, false) ==
        R"({"id":"1","body":"a","title":"t","author":"w","body_truncated":true,)"
        R"("body_fingerprint":"0000000000000001"})");
  CHECK(WithBody({"a", "t", "w", false, 1, "de"}, false) ==
        R"({"id":"1","body":"a","title":"t","author":"w","language":"de",)"
        R"("body_fingerprint":"0000000000000001"})");
  CHECK(WithBody({"a", "", "", false, 1, "", true}, false) ==
        R"({"id":"1","body":"a","damaged_partly":true,"body_fingerprint":"0000000000000001"})");
}

TEST_CASE("an update also removes fields that are gone") {
  CHECK(WithBody({"a", "", "", false, 1}, true) ==
        R"({"id":"1","body":"a","title":null,"author":null,"language":null,)"
        R"("body_truncated":null,"damaged_partly":null,)"
        R"("body_fingerprint":"0000000000000001"})");
  CHECK(WithBody({"a", "t", "w", true, 1, "de", true}, true) ==
        WithBody({"a", "t", "w", true, 1, "de", true}, false));
  std::string source = R"({"id":"1"})";
  RemoveBody(source);
  CHECK(
      source ==
      R"({"id":"1","body":null,"title":null,"author":null,"language":null,"body_truncated":null,"damaged_partly":null,"body_fingerprint":null})");
}

TEST_CASE("an attachment goes as base64, and any limit is named") {
  std::string source = R"({"id":"1"})";
  AddAttachment({"%PDF", 0, 1}, source);
  CHECK(source ==
        R"({"id":"1","_attachment_indexed_chars":-1,"body_fingerprint":"0000000000000001",)"
        R"("_attachment":"JVBERg=="})");
  source = R"({"id":"1"})";
  AddAttachment({"%PDF", 70, 1}, source);
  CHECK(source ==
        R"({"id":"1","_attachment_indexed_chars":70,"body_fingerprint":"0000000000000001",)"
        R"("_attachment":"JVBERg=="})");
  source = R"({"id":"1"})";
  AddAttachment({"%PDF", 0, 1, true}, source);
  CHECK(source ==
        R"({"id":"1","_attachment_indexed_chars":-1,"body_fingerprint":"0000000000000001",)"
        R"("_extract_binary_content":true,"_reduce_whitespace":true,"_run_ml_inference":true,)"
        R"("_attachment":"JVBERg=="})");
}

}  // namespace dbxes::documents
