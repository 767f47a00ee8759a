// SPDX-License-Identifier: Apache-2.0
#include "content/download_result.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

namespace dbxes::content {
namespace {

// All of it in one line, or "unknown".
std::string Read(std::string_view header, bool exported = false) {
  const DownloadResult result = ReadDownloadResult(header, exported);
  if (!result.known) return "unknown";
  return fmt::format("{} {} {} {}", result.size, result.hash, result.rev, result.content_hash);
}

constexpr char kFile[] =
    R"({"name":"Lease.pdf","id":"id:1","size":7,"rev":"015f","content_hash":"e3b0",)"
    R"("sharing_info":{"size":8,"rev":"x","content_hash":"x"},)"
    R"("property_groups":[{"size":9,"rev":"x","fields":[{"content_hash":"x","size":10}]}],)"
    R"("file_lock_info":{"file_metadata":{"size":11,"rev":"x"}}})";
constexpr char kExport[] =
    R"({"export_metadata":{"name":"x.md","size":5,"export_hash":"f00d","rev":"x","content_hash":"x"},)"
    R"("file_metadata":{"size":0,"rev":"016f","content_hash":"beef","export_hash":"x",)"
    R"("export_info":{"size":6,"export_hash":"x"}},"size":12,"rev":"x"})";

}  // namespace

TEST_CASE("of a download, the whole is the file") {
  CHECK(Read(kFile) == "7 e3b0 015f e3b0");
  CHECK(Read(kExport) == "12  x ");
}

TEST_CASE("of an export, the bytes are one thing and the file another") {
  CHECK(Read(kExport, true) == "5 f00d 016f beef");
  CHECK(Read(kFile, true) == "unknown");
  CHECK(Read(R"({"export_metadata":{"size":5}})", true) == "unknown");
  CHECK(Read(R"({"file_metadata":{"size":5,"rev":"1"}})", true) == "unknown");
  CHECK(Read(R"({"file_metadata":[{"size":5}],"export_metadata":{"size":5}})", true) == "unknown");
  CHECK(Read(R"({"file_metadata":{},"export_metadata":{"size":5}})", true) == "5   ");
}

TEST_CASE("what Dropbox does not say is not there") {
  CHECK(Read(R"({"size":7})") == "7   ");
  CHECK(Read(R"({"size":7,"rev":null,"content_hash":1})") == "7   ");
  CHECK(Read(R"({"size":18446744073709551615})") == "18446744073709551615   ");
  for (const char* header :
       {"", "{}", "[]", "7", "null", R"({"rev":"1"})", R"({"size":-1})", R"({"size":1.5})",
        R"({"size":"7"})", R"([{"size":7}])", R"({"size":7)", R"({"size":7}})", "<html>"}) {
    CAPTURE(header);
    CHECK(Read(header) == "unknown");
  }
}

TEST_CASE("names may be whatever file systems allow") {
  CHECK(Read(R"({"name":"a\ud800b","size":7,"rev":"1","content_hash":"2"})") == "7 2 1 2");
}

}  // namespace dbxes::content
