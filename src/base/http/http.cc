// SPDX-License-Identifier: Apache-2.0
#include "base/http/http.h"

#include <algorithm>

namespace dbxes {

std::string_view HttpResponse::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::size_t MostBytesOf(const HttpRequest& request, int status) {
  if (status / 100 == 2) return request.max_response_bytes;
  return std::min(request.max_response_bytes, request.max_error_bytes);
}

}  // namespace dbxes
