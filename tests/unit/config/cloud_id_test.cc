// SPDX-License-Identifier: Apache-2.0
#include "config/cloud_id.h"

#include <doctest/doctest.h>

#include "base/base64.h"

namespace dbxes::config {
namespace {

std::string Url(const std::string& decoded, const std::string& name = "files") {
  const auto url = UrlOfCloudId(name + ":" + Base64Encode(decoded));
  return url ? *url : "error: " + url.error().message;
}

constexpr const char* kAdvice = "; copy the whole Cloud ID from the page of the deployment";

}  // namespace

TEST_CASE("a Cloud ID is the address of a cluster") {
  // From the documentation of Elastic's clients.
  CHECK(*UrlOfCloudId(
            "cluster-1:dXMtZWFzdC0xLmF3cy5mb3VuZC5pbyQ0ZmE4ODIxZTc1NjM0MDMyYmVkMWNmMjIxMTBlMmY5NyQ0"
            "ZmE4ODIxZTc1NjM0MDMyYmVkMWNmMjIxMTBlMmY5Ng==") ==
        "https://4fa8821e75634032bed1cf22110e2f97.us-east-1.aws.found.io");
  CHECK(Url("found.io$es$kibana") == "https://es.found.io");
  CHECK(Url("found.io$es") == "https://es.found.io");
  CHECK(Url("found.io:443$es$") == "https://es.found.io");
  CHECK(Url("found.io:9243$es$kibana") == "https://es.found.io:9243");
  CHECK(Url("found.io:9243$es:9244$kibana:9245") == "https://es.found.io:9244");
  CHECK(Url("found.io$es$kibana", "a:name:with:colons") == "https://es.found.io");
}

TEST_CASE("what is no Cloud ID says why") {
  CHECK(UrlOfCloudId("abc").error().message == std::string("it has no colon") + kAdvice);
  CHECK(UrlOfCloudId("files:!").error().message ==
        std::string("the part after its last colon is not Base64") + kAdvice);
  CHECK(Url("found.io") == std::string("error: it names no cluster") + kAdvice);
  CHECK(Url("found.io$$kibana") == std::string("error: it names no cluster") + kAdvice);
  CHECK(Url("$es$kibana") == std::string("error: it names no domain") + kAdvice);
  CHECK(Url("evil.test/$es") == std::string("error: it names no domain") + kAdvice);
  CHECK(Url("found.io$u@es") == std::string("error: it names no cluster") + kAdvice);
  CHECK(Url("found.io:x$es") == std::string("error: its port is not a number") + kAdvice);
  CHECK(UrlOfCloudId("files:").error().kind == ErrorKind::kConfig);
}

}  // namespace dbxes::config
