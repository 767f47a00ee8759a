// SPDX-License-Identifier: Apache-2.0
#include "base/folder_list.h"

#include <doctest/doctest.h>

namespace dbxes {

TEST_CASE("several folders have one that contains them all") {
  CHECK(CommonFolder({""}) == "");
  CHECK(CommonFolder({"/A/b"}) == "/A/b");
  CHECK(CommonFolder({"/A/b", "/A/c/d"}) == "/A");
  CHECK(CommonFolder({"/Team/a", "/TEAM/A/b", "/team/ab"}) == "/Team");
  CHECK(CommonFolder({"/a", "/ab"}) == "");
  CHECK(CommonFolder({"/a", "/b"}) == "");
  CHECK(CommonFolder({"/a", ""}) == "");
}

TEST_CASE("folders survive as one text") {
  const FolderList lists[] = {{""}, {"/a"}, {"/a", "/b c"}, {"/a", "/b", "/\xc3\xa9/x"}};
  for (const FolderList& folders : lists) {
    CHECK(SplitFolders(JoinFolders(folders)) == folders);
  }
  CHECK(JoinFolders({"/a", "/b"}) == "/a\n/b");
  CHECK(SplitFolders("/") == FolderList{""});
  CHECK(FolderListText({""}) == "/");
  CHECK(FolderListText({"/a", "/b"}) == "/a, /b");
}

}  // namespace dbxes
