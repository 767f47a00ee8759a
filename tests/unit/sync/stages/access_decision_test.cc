// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/access_decision.h"

#include <doctest/doctest.h>

#include "base/hash.h"
#include "base/path_key.h"

namespace dbxes::sync {
namespace {

permissions::Permission Readable(std::vector<std::string> values) {
  permissions::Permission permission;
  permission.list = std::make_shared<const permissions::AccessList>(
      permissions::MakeAccessList(std::move(values)));
  return permission;
}

// Where documents lie that do not move: in the shared folder 1.
constexpr DocumentPlace kHere{"1", "/a/b"};

struct Stored {
  Stored(const permissions::AccessList& list, std::string_view folder,
         std::string_view path = "/a/b")
      : hex(ToHex64(list.fingerprint)) {
    document.found = true;
    document.list_is_ours = true;
    document.permissions_fingerprint = hex;
    document.shared_folder_id = folder;
    document.path_lower = path;
  }
  std::string hex;
  elastic::StoredDocument document;
};

}  // namespace

TEST_CASE("a list is written where it differs") {
  const permissions::Permission now = Readable({"user_id:a"});
  const Stored same(*now.list, "1");
  const Stored other(permissions::MakeAccessList({"user_id:b"}), "1");
  CHECK(DecideAccess(&now, nullptr, kHere, false).list == now.list);
  CHECK_FALSE(DecideAccess(&now, &same.document, kHere, false).Changes());
  CHECK(DecideAccess(&now, &other.document, kHere, false).list == now.list);
  // What a write of ours left there is not known.
  CHECK(DecideAccess(&now, &same.document, kHere, true).list == now.list);
  // What somebody else may have changed is not known either.
  Stored changed(*now.list, "1");
  changed.document.list_is_ours = false;
  CHECK(DecideAccess(&now, &changed.document, kHere, false).list == now.list);
  // A document of another program, whatever its list says.
  elastic::StoredDocument foreign;
  foreign.found = true;
  CHECK(DecideAccess(&now, &foreign, {}, false).list == now.list);
}

TEST_CASE("without a list that could be read a document keeps its own or is closed") {
  const permissions::Permission unreadable;
  const Stored stored(permissions::MakeAccessList({"user_id:b"}), "1");
  CHECK_FALSE(DecideAccess(&unreadable, &stored.document, kHere, false).Changes());
  const std::string nobody = permissions::NobodysAccessList().json;
  SUBCASE("a new document") {
    CHECK(DecideAccess(&unreadable, nullptr, kHere, false).list->json == nobody);
  }
  SUBCASE("one that has come from another folder") {
    CHECK(DecideAccess(&unreadable, &stored.document, {"2", "/a/b"}, false).list->json == nobody);
    CHECK(DecideAccess(&unreadable, &stored.document, {"", "/a/b"}, false).list->json == nobody);
  }
  SUBCASE("one that has another name by now") {
    CHECK_FALSE(DecideAccess(&unreadable, &stored.document, {"1", "/a/c"}, false).Changes());
  }
  SUBCASE("one whose path is too long for a keyword") {
    const std::string folder = "/" + std::string(8300, 'f');
    const std::string key = LongPathKey(folder + "/b");
    const Stored deep(permissions::MakeAccessList({"user_id:b"}), "1", key);
    const std::string sibling = folder + "/c";
    const std::string cousin = folder + "g/b";
    CHECK_FALSE(DecideAccess(&unreadable, &deep.document, {"1", sibling}, false).Changes());
    CHECK(DecideAccess(&unreadable, &deep.document, {"1", cousin}, false).list->json == nobody);
  }
  SUBCASE("one that has come from elsewhere in the folder, which may lie elsewhere itself") {
    const auto list = DecideAccess(&unreadable, &stored.document, {"1", "/b/b"}, false).list;
    CHECK(list->json == nobody);
  }
  SUBCASE("one that has left the tree, or come into its root") {
    const Stored loose(permissions::MakeAccessList({"user_id:b"}), "", "");
    CHECK_FALSE(DecideAccess(&unreadable, &loose.document, {}, false).Changes());
    CHECK(DecideAccess(&unreadable, &loose.document, {"", "/b"}, false).list->json == nobody);
    const Stored in_root(permissions::MakeAccessList({"user_id:b"}), "", "/b");
    CHECK(DecideAccess(&unreadable, &in_root.document, {}, false).list->json == nobody);
  }
  SUBCASE("one that a write of ours may have changed") {
    CHECK(DecideAccess(&unreadable, &stored.document, kHere, true).list->json == nobody);
  }
  SUBCASE("one whose list is not of our making") {
    elastic::StoredDocument foreign;
    foreign.found = true;
    foreign.shared_folder_id = "1";
    CHECK(DecideAccess(&unreadable, &foreign, kHere, false).list->json == nobody);
  }
}

TEST_CASE("without document level security lists are removed") {
  const Stored stored(permissions::MakeAccessList({"user_id:b"}), "1");
  const AccessDecision decision = DecideAccess(nullptr, &stored.document, kHere, false);
  CHECK(decision.remove);
  std::string source = R"({"id":"a"})";
  AppendAccess(decision, source);
  CHECK(source == R"({"id":"a","_allow_access_control":null,"permissions_fingerprint":null})");
  CHECK_FALSE(DecideAccess(nullptr, nullptr, kHere, false).Changes());
  // Somebody may have given it one.
  elastic::StoredDocument changed;
  CHECK(DecideAccess(nullptr, &changed, kHere, false).remove);
}

TEST_CASE("an update of a list keeps a document ours, and makes none ours") {
  const permissions::Permission now = Readable({"user_id:a"});
  const AccessDecision decision = DecideAccess(&now, nullptr, kHere, false);
  std::string source;
  CHECK(AccessUpdate("id:1", "/a", {5, 1, /*is_ours=*/true, /*next_stamp=*/8}, decision, source)
            .source.ends_with(R"(,"sync_version":8})"));
  CHECK(AccessUpdate("id:1", "/a", {5, 1}, decision, source).source.find("sync_version") ==
        std::string_view::npos);
}

TEST_CASE("the fields of a decision") {
  const permissions::Permission now = Readable({"user_id:a"});
  const AccessDecision decision = DecideAccess(&now, nullptr, kHere, false);
  std::string alone = "{}";
  AppendAccess(decision, alone);
  CHECK(alone == R"({"_allow_access_control":["user_id:a"],"permissions_fingerprint":")" +
                     ToHex64(now.list->fingerprint) + R"("})");
  std::string source = R"({"id":"a"})";
  AppendAccess({}, source);
  CHECK(source == R"({"id":"a"})");
}

}  // namespace dbxes::sync
