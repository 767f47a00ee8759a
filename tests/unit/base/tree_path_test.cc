// SPDX-License-Identifier: Apache-2.0
#include "base/tree_path.h"

#include <doctest/doctest.h>

namespace dbxes {

TEST_CASE("a folder contains itself and all under it, not its namesakes") {
  CHECK(LiesIn("/a", "/a"));
  CHECK(LiesIn("/a/b/c", "/a"));
  CHECK_FALSE(LiesIn("/ab", "/a"));
  CHECK_FALSE(LiesIn("/a", "/a/b"));
  CHECK(LiesIn("/a", ""));
  CHECK(LiesIn("", ""));
  CHECK_FALSE(LiesIn("", "/a"));
}

TEST_CASE("the folder of a path") {
  CHECK(FolderOf("/a/b") == "/a");
  CHECK(FolderOf("/a") == "");
  CHECK(FolderOf("") == "");
}

TEST_CASE("the deepest folder that contains both") {
  CHECK(CommonFolder("/a/b/c", "/a/b/d/e") == "/a/b");
  CHECK(CommonFolder("/a/b", "/a/bc") == "/a");
  CHECK(CommonFolder("/a", "/a/b") == "/a");
  CHECK(CommonFolder("/a/b", "/a") == "/a");
  CHECK(CommonFolder("/a", "/b") == "");
  CHECK(CommonFolder("", "/b") == "");
}

}  // namespace dbxes
