// SPDX-License-Identifier: Apache-2.0
// Error answers of Dropbox.
#include <array>
#include <string>

#include "dropbox/api_error.h"
#include "fuzz/fuzz_target.h"

namespace dbxes::fuzz {
namespace {

void JudgeError(std::string_view bytes) {
  constexpr std::array kStatuses{200, 400, 401, 403, 404, 409, 422, 429, 500, 503};
  HttpResponse response;
  response.status = kStatuses[TakeByte(bytes) % kStatuses.size()];
  response.body = bytes;
  const std::size_t line = bytes.find('\n');
  if (line != std::string_view::npos) {
    response.headers.emplace_back("retry-after", bytes.substr(0, line));
    response.body = bytes.substr(line + 1);
  }
  const Result<HttpResponse> answer(response);
  dropbox::JudgeApiAnswer(answer);
  dropbox::JudgeTokenAnswer(answer);
  Require(dropbox::Excerpt(bytes).find('\n') == std::string::npos, "an excerpt is one line");
}

const Registration dropbox_error("dropbox_error", JudgeError);

}  // namespace
}  // namespace dbxes::fuzz
