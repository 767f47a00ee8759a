// SPDX-License-Identifier: Apache-2.0
#include "base/http/http.h"

namespace dbxes {

std::string_view HttpResponse::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace dbxes
