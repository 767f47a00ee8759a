// SPDX-License-Identifier: Apache-2.0
#include "sync/command/verify.h"

#include <doctest/doctest.h>

namespace dbxes::sync {

TEST_CASE("a difference is one line") {
  CHECK(DifferenceLine({DifferenceKind::kMissing, "id:1", "/A b.txt", "", {}, ""}) ==
        "missing /A b.txt");
  CHECK(DifferenceLine({DifferenceKind::kDifferent, "id:1", "/a", "", {"size", "body"}, ""}) ==
        "different /a (size, body)");
  CHECK(DifferenceLine({DifferenceKind::kDifferent, "id:1", "/a", "/b", {"file_path"}, ""}) ==
        "different /a (file_path; in the index: /b)");
  CHECK(DifferenceLine(
            {DifferenceKind::kExtra, "id:1", "/a", "", {}, "excluded: rule 1 in line 1"}) ==
        "extra /a (excluded: rule 1 in line 1)");
  CHECK(DifferenceLine({DifferenceKind::kExtra, "foreign", "", "", {}, ""}) == "extra foreign");
}

}  // namespace dbxes::sync
