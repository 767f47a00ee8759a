// SPDX-License-Identifier: Apache-2.0
#include "auth/scopes.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::auth {
namespace {

std::string Names(const std::vector<NeededScope>& scopes) {
  std::string names;
  for (const NeededScope& scope : scopes)
    names += (names.empty() ? "" : " ") + std::string(scope.name);
  return names;
}

}  // namespace

TEST_CASE("the scopes follow from the settings") {
  config::Config config;
  CHECK(Names(NeededScopes(config, false)) ==
        "account_info.read files.metadata.read files.content.read sharing.read");
  config.extraction.mode = config::ExtractionMode::kOff;
  CHECK(Names(NeededScopes(config, false)) == "account_info.read files.metadata.read sharing.read");
  config.dropbox.include_received_files = false;
  CHECK(Names(NeededScopes(config, false)) == "account_info.read files.metadata.read");
  config.dropbox.use_document_level_security = true;
  CHECK(Names(NeededScopes(config, false)) == "account_info.read files.metadata.read sharing.read");
  CHECK(Names(NeededScopes(config, true)) ==
        "account_info.read files.metadata.read sharing.read team_info.read team_data.member "
        "members.read");
  config.dropbox.use_document_level_security = false;
  CHECK(Names(NeededScopes(config, true)) ==
        "account_info.read files.metadata.read team_info.read team_data.member");
}

TEST_CASE("a scope is missing unless it is granted by its whole name") {
  const std::vector<NeededScope> needed{{"sharing.read", ""}, {"files.content.read", ""}};
  CHECK(MissingScopes(needed, "files.content.read sharing.read").empty());
  CHECK(Names(MissingScopes(needed, "sharing.readers files.content.read")) == "sharing.read");
  CHECK(Names(MissingScopes(needed, "xsharing.read")) == "sharing.read files.content.read");
  CHECK(Names(MissingScopes(needed, "")) == "sharing.read files.content.read");
}

}  // namespace dbxes::auth
