// SPDX-License-Identifier: Apache-2.0
#include "config/index_name.h"

#include <doctest/doctest.h>

namespace dbxes::config {

TEST_CASE("names that Elasticsearch accepts") {
  for (const char* name : {"search-dropbox", "a", ".hidden", "logs+2026", "x_y-z.1", "büro"}) {
    CAPTURE(name);
    CHECK(IndexNameProblem(name) == "");
  }
  CHECK(IndexNameProblem(std::string(255, 'a')) == "");
}

TEST_CASE("names that Elasticsearch refuses, each with its reason") {
  for (const char* name :
       {"a\\b", "a/b", "a*b", "a?b", "a\"b", "a<b", "a>b", "a|b", "a b", "a,b", "a#b", "a:b"}) {
    CAPTURE(name);
    CHECK(IndexNameProblem(name) == std::string("it must not contain '") + name[1] + "'");
  }
  for (const char* name : {"-a", "_a", "+a"}) {
    CHECK(IndexNameProblem(name) == "it must not start with -, _ or +");
  }
  CHECK(IndexNameProblem("Dropbox") == "it must be lower case");
  CHECK(IndexNameProblem(".") == "it must not be \".\" or \"..\"");
  CHECK(IndexNameProblem("..") == "it must not be \".\" or \"..\"");
  CHECK(IndexNameProblem("") == "it must not be empty");
  CHECK(IndexNameProblem("a\nb") == "it must not contain control characters");
  CHECK(IndexNameProblem(std::string(256, 'a')) == "it must not exceed 255 bytes");
}

}  // namespace dbxes::config
