// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/books.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace dbxes::sim {
namespace {

// An error that the same request gets again as long as the tree does not change.
bool IsPermanent(int status, std::string_view error) {
  if (error == kForeignError) return false;
  if (status == 400 || status == 403) return true;
  if (status != 409) return false;
  static constexpr std::array<std::string_view, 5> kPassing = {
      "reset", "retry_error", "internal_error", "too_many_write_operations", "other"};
  return std::none_of(kPassing.begin(), kPassing.end(), [&](std::string_view tag) {
    return error.size() >= tag.size() && error.substr(error.size() - tag.size()) == tag;
  });
}

}  // namespace

void Books::Asked(const Request& request, const LoggedRequest& entry, std::int64_t now_ms,
                  std::int64_t grace_ms, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (!secret.empty() && request.target.find(secret) != std::string::npos) {
      Violation(fmt::format("{}: a secret in the URL", entry.route));
    }
  }
  const bool token_parameter = request.target.find("access_token=") != std::string::npos ||
                               request.target.find("authorization=") != std::string::npos;
  if (token_parameter) Violation(fmt::format("{}: a token in the URL", entry.route));
  if (entry.route == "files/list_folder/longpoll" &&
      FindHeader(request.headers, "Authorization") != nullptr) {
    Violation("longpoll: an Authorization header");
  }
  const auto wait = waits_.find(entry.caller);
  if (wait == waits_.end()) return;
  const bool under_way = now_ms <= wait->second.since_ms + grace_ms;
  if (!under_way && now_ms < wait->second.until_ms) {
    Violation(fmt::format("{}: {} ms before the end of a promised wait", entry.route,
                          wait->second.until_ms - now_ms));
  }
}

void Books::CheckRetry(const LoggedRequest& entry, std::uint64_t tree_version) {
  const auto refused = refused_.find(entry.caller + '\n' + entry.route + '\n' + entry.argument);
  if (refused == refused_.end() || refused->second != tree_version) return;
  Violation(fmt::format("{}: asked again after a permanent error: {}", entry.route,
                        entry.argument.substr(0, 200)));
}

void Books::Answered(LoggedRequest entry, std::uint64_t tree_version) {
  ++counters_[entry.route];
  if (IsPermanent(entry.status, entry.error)) {
    refused_[entry.caller + '\n' + entry.route + '\n' + entry.argument] = tree_version;
  }
  if (keep_requests_) requests_.push_back(std::move(entry));
}

void Books::PromisedWait(const std::string& caller, std::int64_t now_ms, std::int64_t until_ms) {
  Wait& wait = waits_[caller];
  if (until_ms > wait.until_ms) wait = {now_ms, until_ms};
}

void Books::Violation(std::string text) { violations_.push_back(std::move(text)); }

void Books::BeginRun() {
  waits_.clear();
  refused_.clear();
}

void Books::Reset() {
  BeginRun();
  requests_.clear();
  counters_.clear();
  violations_.clear();
}

}  // namespace dbxes::sim
