// SPDX-License-Identifier: Apache-2.0
#include "parsers/worker_protocol.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

namespace dbxes::parsers {

TEST_CASE("what a worker says arrives") {
  WorkerHello hello;
  hello.confinement.seccomp = true;
  const auto greeted = Decode(Encode(hello));
  REQUIRE(greeted);
  CHECK(std::get<WorkerHello>(*greeted).confinement.seccomp);
  CHECK_FALSE(std::get<WorkerHello>(*greeted).confinement.landlock);

  const WorkerAnswer answer{{}, 7, true, false, {"title", "", "de"}, {2, 70'000}, {5, 1ULL << 40}};
  const auto answered = Decode(Encode(answer));
  REQUIRE(answered);
  const auto& text = std::get<WorkerAnswer>(*answered);
  CHECK_FALSE(text.failure);
  CHECK(text.text_bytes == 7);
  CHECK(text.truncated);
  CHECK_FALSE(text.damaged_partly);
  CHECK(text.properties.title == "title");
  CHECK(text.properties.author.empty());
  CHECK(text.properties.language == "de");
  CHECK(text.textless_pages == std::vector<std::uint32_t>{2, 70'000});
  CHECK(text.pdf_bytes == std::vector<std::uint64_t>{5, 1ULL << 40});

  const auto failed = Decode(Encode(WorkerAnswer{Unreadable::kEncrypted, 0, false, false, {}}));
  REQUIRE(failed);
  CHECK(std::get<WorkerAnswer>(*failed).failure == Unreadable::kEncrypted);
}

TEST_CASE("nothing else is believed") {
  const std::string packet = Encode(WorkerAnswer{{}, 7, false, true, {"title", "author", "de"}});
  REQUIRE(Decode(packet));
  CHECK(std::get<WorkerAnswer>(*Decode(packet)).damaged_partly);
  for (std::size_t length = 0; length < packet.size(); ++length) {
    CHECK_FALSE(Decode(packet.substr(0, length)));
  }
  CHECK_FALSE(Decode(packet + "x"));
  const auto report = Decode(Encode(ReaderReport{139, packet}));
  REQUIRE(report);
  CHECK(std::get<ReaderReport>(*report).status == 139);
  CHECK(std::get<ReaderReport>(*report).answer == packet);
  CHECK_FALSE(Decode("\x09"));
  CHECK_FALSE(Decode("\x03\x7f"));
}

}  // namespace dbxes::parsers
