// SPDX-License-Identifier: Apache-2.0
// The people of the identity index, `.search-acl-filter-<index>`, which acl-sync writes.
#pragma once

#include <string>
#include <vector>

#include "base/json/json.h"
#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::find {

class People {
 public:
  // `index` is the content index. The caller owns the client.
  People(elastic::Client& client, const std::string& index);

  // The query clause that limits a search to what the user may see. `user` is an e-mail address, in
  // upper or lower case, also a further one of the same person, or an account id (dbid:...).
  // kNotFound: nobody in the index is that user, so a search application shows them nothing.
  Result<std::string> FilterFor(const std::string& user);

  // Addresses of the people of whom at least one value is among `values` of an access list, sorted.
  // None if there is no identity index.
  Result<std::vector<std::string>> WhoHas(const std::vector<std::string>& values);

 private:
  // The stored identity of the user; null if there is none.
  Result<rapidjson::Document> Identity(const std::string& user);
  // Sources of all identities.
  Result<std::vector<rapidjson::Document>> All();

  elastic::Client& client_;
  std::string index_;
};

}  // namespace dbxes::find
