// SPDX-License-Identifier: Apache-2.0
#include "permissions/access_list.h"

#include <doctest/doctest.h>

namespace dbxes::permissions {
namespace {

using Values = std::vector<std::string>;

dropbox::Member User(std::string id, std::string access, bool inherited = false) {
  return {dropbox::Member::Kind::kUser,
          std::move(id),
          std::move(access),
          inherited,
          "a@example.com",
          "A"};
}
dropbox::Member Group(std::string id, std::string access) {
  return {dropbox::Member::Kind::kGroup, std::move(id), std::move(access), false, "", "G"};
}
dropbox::Member Invitee(std::string email, std::string access) {
  return {dropbox::Member::Kind::kInvitee, std::move(email), std::move(access), false, "", ""};
}

Values Readers(const std::vector<dropbox::Member>& members) {
  return ReadersOf(JudgeMembers(members));
}

}  // namespace

TEST_CASE("what an access type grants") {
  for (const char* reads : {"owner", "editor", "viewer", "viewer_no_comment"}) {
    CHECK(GrantsReading(reads));
  }
  for (const char* not_reads : {"traverse", "no_access", "other", "commenter", "Owner", ""}) {
    CHECK_FALSE(GrantsReading(not_reads));
  }
}

TEST_CASE("each kind of member has its prefix") {
  CHECK(Readers({User("dbid:a", "viewer"), Group("g:1", "editor"),
                 Invitee("Pat@Example.COM", "viewer")}) ==
        Values{"email:pat@example.com", "group:g:1", "user_id:dbid:a"});
}

TEST_CASE("members without read access are not in the list") {
  CHECK(Readers({User("dbid:a", "traverse"), User("dbid:b", "no_access"), Group("g:1", "traverse"),
                 Invitee("x@example.com", "no_access"), User("dbid:c", "something_new")})
            .empty());
}

TEST_CASE("a deleted account has no value") {
  dropbox::Member gone = User("dbid:a", "editor");
  gone.email = "gone@example.com#";
  CHECK(Readers({gone}).empty());
}

TEST_CASE("on one level a membership that grants reading wins") {
  CHECK(Readers({User("dbid:a", "traverse"), User("dbid:a", "viewer")}) ==
        Values{"user_id:dbid:a"});
  CHECK(Readers({User("dbid:a", "viewer"), User("dbid:a", "traverse")}) ==
        Values{"user_id:dbid:a"});
}

TEST_CASE("a folder's own members override inherited ones") {
  // Within one list that marks inherited members.
  CHECK(Readers({User("dbid:a", "no_access"), User("dbid:a", "editor", true)}).empty());
  CHECK(Readers({User("dbid:a", "editor", true), User("dbid:b", "traverse", true)}) ==
        Values{"user_id:dbid:a"});
  // Between a folder and the one around it.
  const Verdicts inner = JudgeMembers({User("dbid:a", "no_access"), User("dbid:b", "viewer")});
  const Verdicts outer = JudgeMembers({User("dbid:a", "owner"), User("dbid:b", "traverse"),
                                       Group("g:1", "viewer"), Group("g:2", "traverse")});
  CHECK(ReadersOf(Inherit(inner, outer)) == Values{"group:g:1", "user_id:dbid:b"});
  CHECK(ReadersOf(Inherit({}, outer)) == Values{"group:g:1", "user_id:dbid:a"});
}

TEST_CASE("a list is sorted, names each once, and is never empty") {
  const AccessList list = MakeAccessList({"user_id:b", "group:a", "user_id:b"});
  CHECK(list.json == R"(["group:a","user_id:b"])");
  CHECK(list.fingerprint != 0);
  CHECK(MakeAccessList({"group:a", "user_id:b"}).fingerprint == list.fingerprint);
  CHECK(MakeAccessList({"group:a"}).fingerprint != list.fingerprint);
  CHECK(NobodysAccessList().json == R"(["nobody"])");
  CHECK(MakeAccessList({R"(email:"q"@x)"}).json == R"(["email:\"q\"@x"])");
}

TEST_CASE("the list of a file with its own members has another fingerprint") {
  CHECK(MakeAccessList({"group:a"}, true).json == MakeAccessList({"group:a"}).json);
  CHECK(MakeAccessList({"group:a"}, true).fingerprint != MakeAccessList({"group:a"}).fingerprint);
}

}  // namespace dbxes::permissions
