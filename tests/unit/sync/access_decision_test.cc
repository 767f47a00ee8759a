// SPDX-License-Identifier: Apache-2.0
#include "sync/access_decision.h"

#include <doctest/doctest.h>

#include "base/hash.h"

namespace dbxes {
namespace {

Permission Readable(std::vector<std::string> values) {
  Permission permission;
  permission.list = std::make_shared<const AccessList>(MakeAccessList(std::move(values)));
  return permission;
}

struct Stored {
  explicit Stored(const AccessList& list, std::string_view folder)
      : hex(ToHex64(list.fingerprint)) {
    document.found = true;
    document.permissions_fingerprint = hex;
    document.shared_folder_id = folder;
  }
  std::string hex;
  StoredDocument document;
};

}  // namespace

TEST_CASE("a list is written where it differs") {
  const Permission now = Readable({"user_id:a"});
  const Stored same(*now.list, "1");
  const Stored other(MakeAccessList({"user_id:b"}), "1");
  CHECK(DecideAccess(&now, nullptr, "1", false).list == now.list);
  CHECK_FALSE(DecideAccess(&now, &same.document, "1", false).Changes());
  CHECK(DecideAccess(&now, &other.document, "1", false).list == now.list);
  // What a write of ours left there is not known.
  CHECK(DecideAccess(&now, &same.document, "1", true).list == now.list);
  // A document of another program, whatever its list says.
  StoredDocument foreign;
  foreign.found = true;
  CHECK(DecideAccess(&now, &foreign, "", false).list == now.list);
}

TEST_CASE("without a list that could be read a document keeps its own or is closed") {
  const Permission unreadable;
  const Stored stored(MakeAccessList({"user_id:b"}), "1");
  CHECK_FALSE(DecideAccess(&unreadable, &stored.document, "1", false).Changes());
  const std::string nobody = NobodysAccessList().json;
  SUBCASE("a new document") {
    CHECK(DecideAccess(&unreadable, nullptr, "1", false).list->json == nobody);
  }
  SUBCASE("one that has come from another folder") {
    CHECK(DecideAccess(&unreadable, &stored.document, "2", false).list->json == nobody);
    CHECK(DecideAccess(&unreadable, &stored.document, "", false).list->json == nobody);
  }
  SUBCASE("one that a write of ours may have changed") {
    CHECK(DecideAccess(&unreadable, &stored.document, "1", true).list->json == nobody);
  }
  SUBCASE("one whose list is not of our making") {
    StoredDocument foreign;
    foreign.found = true;
    foreign.shared_folder_id = "1";
    CHECK(DecideAccess(&unreadable, &foreign, "1", false).list->json == nobody);
  }
}

TEST_CASE("without document level security lists are taken away") {
  const Stored stored(MakeAccessList({"user_id:b"}), "1");
  const AccessDecision decision = DecideAccess(nullptr, &stored.document, "1", false);
  CHECK(decision.remove);
  std::string source = R"({"id":"a"})";
  AppendAccess(decision, source);
  CHECK(source == R"({"id":"a","_allow_access_control":null,"permissions_fingerprint":null})");
  CHECK_FALSE(DecideAccess(nullptr, nullptr, "1", false).Changes());
}

TEST_CASE("the fields of a decision") {
  const Permission now = Readable({"user_id:a"});
  const AccessDecision decision = DecideAccess(&now, nullptr, "1", false);
  std::string alone = "{}";
  AppendAccess(decision, alone);
  CHECK(alone == R"({"_allow_access_control":["user_id:a"],"permissions_fingerprint":")" +
                     ToHex64(now.list->fingerprint) + R"("})");
  std::string source = R"({"id":"a"})";
  AppendAccess({}, source);
  CHECK(source == R"({"id":"a"})");
}

}  // namespace dbxes
