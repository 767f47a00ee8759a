// SPDX-License-Identifier: Apache-2.0
#include "auth/token_request.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <string>

namespace dbxes::auth {
namespace {

Verdict JudgeRefusal(const std::string& error, const std::string& description) {
  HttpResponse response;
  response.status = 400;
  response.body =
      fmt::format(R"({{"error": "{}", "error_description": "{}"}})", error, description);
  return JudgeCodeAnswer(response);
}

}  // namespace

TEST_CASE("each reason to refuse a code has its own message") {
  const std::pair<const char*, const char*> rows[] = {
      {"code has already been used", "has been used already"},
      {"code doesn't exist or has expired", "does not know this code"},
      {"code has expired (within the last hour)", "has expired"},
      {"invalid code verifier", "belongs to another link"},
      {"redirect_uri mismatch", "another redirect URI"},
      {"given code is not valid", "refuses this code"},
  };
  std::set<std::string> sentences;
  for (const auto& [description, words] : rows) {
    const std::string shown = description;
    CAPTURE(shown);
    const Verdict verdict = JudgeRefusal("invalid_grant", description);
    CHECK(verdict.kind == Verdict::kFail);
    CHECK(verdict.error.kind == ErrorKind::kAuth);
    CHECK(verdict.error.message.find(words) != std::string::npos);
    CHECK(verdict.error.message.find("run dbx-es auth again") != std::string::npos);
    sentences.insert(verdict.error.message);
  }
  CHECK(sentences.size() == std::size(rows));
}

TEST_CASE("a refused app has another message than a refused code") {
  const Verdict verdict = JudgeRefusal("invalid_client: Invalid client_id or client_secret", "x");
  CHECK(verdict.error.kind == ErrorKind::kAuth);
  CHECK(verdict.error.message.find("dropbox.app_key") != std::string::npos);
  HttpResponse refused;
  refused.status = 400;
  CHECK(JudgeAppAnswer(refused).error.message.find("dropbox.app_secret") != std::string::npos);
  refused.status = 503;
  CHECK(JudgeAppAnswer(refused).kind == Verdict::kRetry);
  refused.status = 200;
  CHECK(JudgeAppAnswer(refused).kind == Verdict::kDone);
  HttpResponse garbled;
  garbled.status = 400;
  garbled.body = "<html>";
  // No answer of Dropbox says anything of the code.
  CHECK(JudgeCodeAnswer(garbled).kind == Verdict::kRetry);
  CHECK(JudgeCodeAnswer(garbled).error.kind == ErrorKind::kTemporary);
}

}  // namespace dbxes::auth
