// SPDX-License-Identifier: Apache-2.0
#include "connector/connector_badge.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::connector {
namespace {

constexpr std::int64_t kNow = 1'773'569'250'000'000;  // 2026-03-15T10:07:30Z

Badge Of(const std::string& members) {
  rapidjson::Document connector;
  connector.Parse(("{" + members + "}").c_str());
  return BadgeOf(connector, kNow);
}

TEST_CASE("the first rule that matches decides, as in Kibana") {
  const std::string seen = R"("index_name":"docs","last_seen":"2026-03-15T10:00:00Z",)";
  const std::string stale = R"("index_name":"docs","last_seen":"2026-03-15T09:37:00Z",)";
  CHECK(Of(seen + R"("status":"connected")").text == "Connected");
  CHECK(Of(seen + R"("status":"configured")").text == "Configured");
  CHECK(Of(seen + R"("status":"created","last_sync_status":"error")").text ==
        "Needs Configuration");
  CHECK(Of(seen + R"("status":"needs_configuration")").text == "Needs Configuration");
  CHECK(Of(seen + R"("status":"connected","last_sync_status":"error")").text == "Sync Failure");
  CHECK(Of(seen + R"("status":"connected","last_access_control_sync_status":"error")").text ==
        "Sync Failure");
  // Also a text without a letter.
  CHECK(Of(seen + R"("status":"connected","last_sync_error":"")").text == "Sync Failure");
  CHECK(Of(seen + R"("status":"error")").text == "Connector Failure");
  CHECK(Of(stale + R"("status":"connected")").text == "Connector Failure");
  CHECK(Of(stale + R"("status":"connected","last_sync_error":"x")").text == "Sync Failure");
  CHECK(Of(R"("status":"connected","last_seen":null)").text == "Incomplete");
  CHECK(Of(R"("status":"connected","index_name":"docs","last_seen":null)").text == "Connected");
}

TEST_CASE("the note says why") {
  CHECK(Of(R"("status":"connected","index_name":"docs","error":"12 documents failed")").why ==
        "12 documents failed");
  CHECK(Of(R"("status":"error","last_sync_error":"it broke")").why == "it broke");
  const Badge stale = Of(R"("status":"connected","last_seen":"2026-03-15T09:37:00Z")");
  CHECK(stale.bad);
  CHECK(stale.why == "it was not seen since 2026-03-15T09:37:00Z");
  CHECK(!Of(R"("status":"connected","index_name":"docs")").bad);
}

}  // namespace
}  // namespace dbxes::connector
