// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/deletion_matcher.h"

#include <doctest/doctest.h>

#include <string>

#include "base/path_key.h"

namespace dbxes::sync {
namespace {

using Batch = std::vector<checkpoint::PendingDeletion>;

elastic::Hit HitAt(std::string_view id, std::string_view path, std::int64_t seq,
                   std::vector<std::string_view> ancestors = {}) {
  elastic::Hit hit;
  hit.id = id;
  hit.path_lower = path;
  hit.sync_seq = seq;
  for (const std::string_view folder : ancestors) hit.ancestors.emplace_back(folder);
  return hit;
}

}  // namespace

TEST_CASE("a deletion removes what is at and under its path and was written before it") {
  const Batch batch{{"/a", 10, /*subtree=*/true, ""}};
  const DeletionMatcher matcher(batch);
  CHECK(matcher.Matches(HitAt("id:1", "/a", 9)));
  CHECK(matcher.Matches(HitAt("id:2", "/a/b", 9, {"/a"})));
  CHECK_FALSE(matcher.Matches(HitAt("id:1", "/a", 10)));
  CHECK_FALSE(matcher.Matches(HitAt("id:3", "/ab", 9)));
}

TEST_CASE("a folder that takes a place leaves what is under it, and never deletes itself") {
  const Batch batch{{"/a", 10, /*subtree=*/false, "id:new"}};
  const DeletionMatcher matcher(batch);
  CHECK(matcher.Matches(HitAt("id:old", "/a", 9)));
  CHECK_FALSE(matcher.Matches(HitAt("id:new", "/a", 9)));
  CHECK_FALSE(matcher.Matches(HitAt("id:child", "/a/b", 9, {"/a"})));
}

TEST_CASE("a deletion of an id removes it wherever it is; of several the latest counts") {
  const Batch batch{checkpoint::PendingDeletion::OfId("id:1", 5),
                    checkpoint::PendingDeletion::OfId("id:1", 10)};
  const DeletionMatcher matcher(batch);
  CHECK(matcher.Matches(HitAt("id:1", "/anywhere", 9)));
  CHECK_FALSE(matcher.Matches(HitAt("id:1", "/anywhere", 10)));
  CHECK_FALSE(matcher.Matches(HitAt("id:2", "/anywhere", 1)));
}

TEST_CASE("paths that are too long for a keyword are found by their replacement") {
  const std::string folder = "/" + std::string(8300, 'f');
  const Batch batch{{folder, 10, /*subtree=*/true, ""}, {folder + "x/y", 10, false, ""}};
  const DeletionMatcher matcher(batch);
  const std::string folder_key = LongPathKey(folder);
  const std::string child_key = LongPathKey(folder + "/child");
  CHECK(matcher.Matches(HitAt("id:1", folder_key, 9)));
  CHECK(matcher.Matches(HitAt("id:2", child_key, 9, {folder_key})));
  CHECK(matcher.Matches(HitAt("id:3", LongPathKey(folder + "x/y"), 9)));
  CHECK_FALSE(matcher.Matches(HitAt("id:4", LongPathKey(folder + "x"), 9)));
  CHECK_FALSE(matcher.Matches(HitAt("id:5", child_key, 9)));
  const std::string query = matcher.Query();
  CHECK(query.find(folder_key) != std::string::npos);
  CHECK(query.find(folder) == std::string::npos);
}

TEST_CASE("a document whose number is gone, or from no clock, counts as older") {
  const Batch batch{{"/a", 10, true, ""}, checkpoint::PendingDeletion::OfId("id:2", 10)};
  const DeletionMatcher matcher(batch);
  for (const char* id : {"id:1", "id:2"}) {
    elastic::Hit hit = HitAt(id, "/a", 1);
    hit.sync_seq.reset();
    CHECK(matcher.Matches(hit));
    hit.sync_seq = INT64_MAX;
    CHECK(matcher.Matches(hit));
    hit.sync_seq = 10;
    CHECK_FALSE(matcher.Matches(hit));
  }
}

}  // namespace dbxes::sync
